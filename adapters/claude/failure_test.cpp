#include "adapters/claude/failure.hpp"

#include <gtest/gtest.h>

namespace axon::claude {
namespace {

std::optional<Reason> reason(const ResultFacts& facts) {
  const std::optional<Failure> failure = result_failure(facts);
  return failure ? std::optional(failure->reason) : std::nullopt;
}

TEST(ClaudeFailure, SuccessIsNone) {
  EXPECT_EQ(result_failure({.subtype = "success", .stop_reason = "end_turn", .text = "I fixed the rate limit."}),
            std::nullopt);
}

TEST(ClaudeFailure, RefusalCountsEvenWhereNoErrorIsSaid) {
  EXPECT_EQ(reason({.subtype = "success", .stop_reason = "refusal"}), Reason::Refused);
}

TEST(ClaudeFailure, APromptThatWasTakenForACommandIsNoWork) {
  const auto failure = result_failure({.subtype = "success", .local_command = "compact", .asked_no_model = true});
  ASSERT_TRUE(failure);
  EXPECT_EQ(*failure, (Failure{Reason::ConfigInvalid,
                               "Claude Code took the prompt for its own command /compact and asked no model. Begin the "
                               "prompt with something else than a slash."}));
  EXPECT_EQ(reason({.subtype = "success", .asked_no_model = true}), Reason::ConfigInvalid);
  EXPECT_EQ(reason({.subtype = "success", .local_command = "init"}), std::nullopt);  // it gives the model a prompt
}

TEST(ClaudeFailure, AnErrorSubtypeIsAFailureWithoutTheFlag) {
  EXPECT_EQ(reason({.subtype = "error_max_turns"}), Reason::MaxTurns);
  EXPECT_EQ(reason({.subtype = "error_something_new"}), Reason::AgentError);
}

TEST(ClaudeFailure, CreditIsToldFromTheTextWhateverTheStatus) {
  EXPECT_EQ(reason({.is_error = true, .status = 400, .text = "Credit balance is too low"}), Reason::QuotaExceeded);
  EXPECT_EQ(reason({.is_error = true, .status = 429, .text = "You've hit your limit · resets 3pm"}),
            Reason::QuotaExceeded);
  EXPECT_EQ(reason({.is_error = true, .status = 429, .text = "slow down"}), Reason::RateLimited);
}

TEST(ClaudeFailure, TheMessageSaysWhatHappenedInTheAgentsWordsAndWhatToDo) {
  const auto failure =
      result_failure({.is_error = true, .status = 401, .text = "Invalid API key · Fix it. Run --x.\nmore"});
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->message,
            "The model provider refused the credential: Invalid API key · Fix it. Check ANTHROPIC_API_KEY or "
            "CLAUDE_CODE_OAUTH_TOKEN in the Task's Secret.");
}

TEST(ClaudeFailure, ARequestWithoutAnAnswerIsTheNetworks) {
  EXPECT_EQ(request_failure({}, "unknown", "").reason, Reason::NetworkError);
  EXPECT_EQ(request_failure(529, "overloaded", "").reason, Reason::Overloaded);
  EXPECT_EQ(request_failure(401, "authentication_failed", "").reason, Reason::AuthenticationFailed);
}

}  // namespace
}  // namespace axon::claude
