#include "adapters/opencode/failure.hpp"

#include <gtest/gtest.h>

#include "adapters/opencode/opencode.hpp"

namespace axon::opencode {
namespace {

TEST(OpencodeFailure, TheStatusTellsTheReason) {
  const auto reason = [](int status) {
    return error_failure({.name = "APIError", .message = "no", .body = "", .status = status}).reason;
  };
  EXPECT_EQ(reason(401), Reason::AuthenticationFailed);
  EXPECT_EQ(reason(404), Reason::ModelNotFound);
  EXPECT_EQ(reason(429), Reason::RateLimited);
  EXPECT_EQ(reason(529), Reason::Overloaded);
  EXPECT_EQ(reason(400), Reason::AgentError);
}

TEST(OpencodeFailure, CreditIsToldFromTheWordsWhateverTheStatus) {
  EXPECT_EQ(error_failure({"APIError", "slow down", R"({"error":{"code":"insufficient_quota"}})", 429}).reason,
            Reason::QuotaExceeded);
  EXPECT_EQ(error_failure({"APIError", "Your credit balance is too low", "", 400}).reason, Reason::QuotaExceeded);
}

TEST(OpencodeFailure, ARequestWithoutAnAnswerIsTheNetworks) {
  EXPECT_EQ(error_failure({"APIError", "Cannot connect to API: ConnectionRefused", "", {}}).reason,
            Reason::NetworkError);
  EXPECT_EQ(error_failure(
                {"APIError", "Cannot connect to API: Unable to connect. Is the computer able to access it?", "", {}})
                .reason,
            Reason::NetworkError);
  EXPECT_EQ(error_failure({"UnknownError", "getaddrinfo ENOTFOUND api.example.com", "", {}}).reason,
            Reason::NetworkError);
}

TEST(OpencodeFailure, ASessionThatCannotStartIsTheModelOrItsCredential) {
  const Failure failure =
      error_failure({"UnknownError", "Unexpected server error. Check server logs for details.", "", {}});
  EXPECT_EQ(failure.reason, Reason::ModelNotFound);
  EXPECT_TRUE(failure.message.contains("Check the Task's model (PROVIDER/MODEL) and its Secret")) << failure.message;
}

TEST(OpencodeFailure, OnlyStopIsAnEnd) {
  EXPECT_EQ(finish_failure("stop"), std::nullopt);
  EXPECT_EQ(finish_failure("length")->reason, Reason::AgentError);
  EXPECT_EQ(finish_failure("content-filter")->reason, Reason::Refused);
  EXPECT_EQ(finish_failure("other")->reason, Reason::AgentError);
}

TEST(OpencodeFailure, TheMessageSaysWhatHappenedInItsWordsAndWhatToDo) {
  EXPECT_EQ(
      error_failure({"ProviderAuthError", "key expired.\nmore", "", {}}).message,
      "The model provider refused the credential: key expired. Check OPENCODE_API_KEY in the Task's Secret: it has "
      "to be a key of the model's provider.");
  EXPECT_LT(error_failure({"X", std::string(5000, 'x'), "", {}}).message.size(), 400U);
}

TEST(OpencodeFailure, AnExitWithoutAWordInTheStreamIsTheConfigurations) {
  EXPECT_EQ(explain_exit(1)->reason, Reason::ConfigInvalid);
  EXPECT_EQ(explain_exit(2), std::nullopt);
}

}  // namespace
}  // namespace axon::opencode
