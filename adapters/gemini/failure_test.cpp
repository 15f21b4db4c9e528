#include "adapters/gemini/failure.hpp"

#include <gtest/gtest.h>

#include "adapters/gemini/gemini.hpp"

namespace axon::gemini {
namespace {

Reason reason(std::string_view message) { return failure_of("unknown", message).reason; }

std::string answer(int code, const std::string& message) {
  return "[API Error: {\"error\":{\"code\":" + std::to_string(code) + ",\"message\":\"" + message +
         "\",\"status\":\"X\"}}]";
}

TEST(GeminiFailure, TheProvidersCodeIsTheReason) {
  EXPECT_EQ(reason(answer(401, "no")), Reason::AuthenticationFailed);
  EXPECT_EQ(reason(answer(403, "no")), Reason::AuthenticationFailed);
  EXPECT_EQ(reason(answer(404, "no")), Reason::ModelNotFound);
  EXPECT_EQ(reason(answer(429, "no")), Reason::RateLimited);
  EXPECT_EQ(reason(answer(500, "no")), Reason::Overloaded);
  EXPECT_EQ(reason(answer(400, "no")), Reason::AgentError);
}

TEST(GeminiFailure, TheWordsTellWhereTheCodeDoesNot) {
  EXPECT_EQ(reason(answer(400, "API key expired. Please renew the API key.")), Reason::AuthenticationFailed);
  EXPECT_EQ(reason(answer(400, "The input token count (1200000) exceeds the maximum number of tokens allowed")),
            Reason::ContextExceeded);
  EXPECT_EQ(reason(answer(429, "You have exhausted your daily quota on this model.")), Reason::QuotaExceeded);
  EXPECT_EQ(reason("[API Error: This model is currently experiencing high demand.]"), Reason::Overloaded);
  EXPECT_EQ(reason("[API Error: terminated]"), Reason::NetworkError);
  EXPECT_EQ(reason("[API Error: An internal error has occurred.]"), Reason::Overloaded);
}

TEST(GeminiFailure, TheMessageHoldsTheProvidersWordsAndNotItsJson) {
  EXPECT_EQ(failure_of("unknown", answer(401, "invalid key [1]")).message,
            "The model provider refused the credential: invalid key [1]. Check GEMINI_API_KEY in the Task's Secret.");
}

TEST(GeminiFailure, BrokenAnswersAreQuotedAsTheyAre) {
  EXPECT_EQ(reason("[API Error: {\"error\":"), Reason::AgentError);
  EXPECT_EQ(reason("[API Error: {\"error\":{\"code\":\"x\",\"message\":7}}]"), Reason::AgentError);
  EXPECT_EQ(failure_of("", "").message, "Gemini CLI reported an error.");
}

TEST(GeminiFailure, ItsExitCodesTellWhyItDidNotBegin) {
  EXPECT_EQ(explain_exit(41)->reason, Reason::AuthenticationFailed);
  EXPECT_EQ(explain_exit(52)->reason, Reason::ConfigInvalid);
  EXPECT_EQ(explain_exit(55)->reason, Reason::ConfigInvalid);
  EXPECT_EQ(explain_exit(1), std::nullopt);
}

}  // namespace
}  // namespace axon::gemini
