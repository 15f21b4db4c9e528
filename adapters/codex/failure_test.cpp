#include "adapters/codex/failure.hpp"

#include <gtest/gtest.h>

#include "adapters/codex/codex.hpp"

namespace axon::codex {
namespace {

Reason reason(std::string_view message) { return failure_from_message(message).reason; }

TEST(CodexFailure, TheStatusOfTheAnswerTellsTheReason) {
  EXPECT_EQ(reason("unexpected status 401 Unauthorized: invalid key, url: http://h/v1/responses"),
            Reason::AuthenticationFailed);
  EXPECT_EQ(reason("unexpected status 503 Service Unavailable: null, url: http://h/v1/responses"), Reason::Overloaded);
  EXPECT_EQ(reason("exceeded retry limit, last status: 429 Too Many Requests"), Reason::RateLimited);
  EXPECT_EQ(reason("unexpected status 418 I'm a teapot: no, url: http://h/"), Reason::AgentError);
}

TEST(CodexFailure, CreditAndContextAreToldFromTheTextWhateverTheStatus) {
  EXPECT_EQ(reason("unexpected status 403 Forbidden: You exceeded your current quota, url: http://h/v1/responses"),
            Reason::QuotaExceeded);
  EXPECT_EQ(reason(R"({"error": {"message": "Too long.", "type": "x", "code": "context_length_exceeded"}})"),
            Reason::ContextExceeded);
  EXPECT_EQ(reason("Codex ran out of room in the model's context window. Start a new thread."),
            Reason::ContextExceeded);
}

TEST(CodexFailure, ItsOwnWordsTellTheReason) {
  EXPECT_EQ(reason("Quota exceeded. Check your plan and billing details."), Reason::QuotaExceeded);
  EXPECT_EQ(reason("To use Codex with your ChatGPT plan, upgrade to Plus: https://x."), Reason::QuotaExceeded);
  EXPECT_EQ(reason("Selected model is at capacity. Please try a different model."), Reason::Overloaded);
  EXPECT_EQ(reason("We’re currently experiencing high demand, which may cause temporary errors."), Reason::Overloaded);
  EXPECT_EQ(reason("rate limit exceeded: Rate limit reached for gpt."), Reason::RateLimited);
  EXPECT_EQ(reason("Missing environment variable: `OPENAI_API_KEY`."), Reason::AuthenticationFailed);
  EXPECT_EQ(reason("The model `x` does not exist"), Reason::ModelNotFound);
  EXPECT_EQ(reason("Connection failed: error sending request"), Reason::NetworkError);
  EXPECT_EQ(reason("stream disconnected before completion: stream closed before response.completed"),
            Reason::NetworkError);
  EXPECT_EQ(reason("stream disconnected before completion: The server had an error"), Reason::Overloaded);
  EXPECT_EQ(reason("stream disconnected before completion: Incomplete response returned, reason: content_filter"),
            Reason::Refused);
  EXPECT_EQ(reason("something new"), Reason::AgentError);
}

TEST(CodexFailure, TheMessageSaysWhatHappenedInTheAgentsWordsAndWhatToDo) {
  EXPECT_EQ(failure_from_message("unexpected status 401 Unauthorized: Bad key. Get one., url: http://h/v1/responses"),
            (Failure{Reason::AuthenticationFailed,
                     "The model provider refused the credential: Bad key. Check CODEX_API_KEY in the Task's Secret."}));
  EXPECT_EQ(failure_from_message("Incomplete response returned, reason: max_output_tokens"),
            (Failure{Reason::AgentError,
                     "The model's answer was cut at its limit of output tokens. Ask for a smaller "
                     "piece of work."}));
  EXPECT_EQ(failure_from_message("unexpected status 404 Not Found: null, url: http://h/v1/responses").message,
            "The model does not exist or this account may not use it. Check the Task's model and the provider's base "
            "URL.");
}

TEST(CodexFailure, LongWordsAndBrokenBodiesAreNoTrouble) {
  EXPECT_LT(failure_from_message(std::string(5000, 'x')).message.size(), 400U);
  EXPECT_EQ(reason("{\"error\": null}"), Reason::AgentError);
  EXPECT_EQ(reason("{\"error\": {\"message\": 3}}"), Reason::AgentError);
  EXPECT_EQ(reason(""), Reason::AgentError);
}

TEST(CodexFailure, ReconnectingIsARetry) {
  const auto again = parse_reconnecting("Reconnecting... 2/5 (unexpected status 500 x: (y), url: http://h/)");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->attempt, 2);
  EXPECT_EQ(again->max_attempts, 5);
  EXPECT_EQ(again->cause, "unexpected status 500 x: (y), url: http://h/");
  EXPECT_FALSE(parse_reconnecting("Connection failed"));
  EXPECT_EQ(parse_reconnecting("Reconnecting... ")->attempt, 0);
}

TEST(CodexFailure, AnExitBeforeTheSessionIsTheConfigurations) {
  EXPECT_EQ(explain_exit(1)->reason, Reason::ConfigInvalid);
  EXPECT_EQ(explain_exit(2)->reason, Reason::ConfigInvalid);
  EXPECT_EQ(explain_exit(101), std::nullopt);
}

}  // namespace
}  // namespace axon::codex
