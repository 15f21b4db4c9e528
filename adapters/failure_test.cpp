#include "adapters/failure.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace axon {
namespace {

constexpr std::array kPhrases = std::to_array<Phrase>({
    {"quota", Reason::QuotaExceeded},
    {"rate limit", Reason::RateLimited},
});

constexpr std::array kSentences = std::to_array<Sentence>({
    {.reason = Reason::Refused, .what_happened = "A filter stopped it"},
    {.reason = Reason::NetworkError, .what_to_do = "Check the proxy."},
});

TEST(AdapterFailure, TheFirstPhraseThatIsInTheWordsTellsTheReason) {
  EXPECT_EQ(reason_in(kPhrases, "Rate Limit: your QUOTA is used up"), Reason::QuotaExceeded);
  EXPECT_EQ(reason_in(kPhrases, "too fast"), std::nullopt);
}

TEST(AdapterFailure, ANameTellsTheReasonOnlyAsAWhole) {
  EXPECT_EQ(reason_named(kPhrases, "quota"), Reason::QuotaExceeded);
  EXPECT_EQ(reason_named(kPhrases, "Quota"), std::nullopt);
  EXPECT_EQ(reason_named(kPhrases, "quotas"), std::nullopt);
}

TEST(AdapterFailure, TheMessageSaysWhatHappenedInTheAgentsWordsAndWhatToDo) {
  const auto message = [](Reason reason, const std::string& said) {
    return describe_failure("Robot", kSentences, reason, said).message;
  };
  EXPECT_EQ(message(Reason::AgentError, ""), "Robot reported an error.");
  EXPECT_EQ(message(Reason::Overloaded, "Busy. Sorry."),
            "The model provider had a fault or was overloaded: Busy. Run the Task again later.");
  EXPECT_EQ(message(Reason::Refused, ""), "A filter stopped it. Word the prompt differently or use another model.");
  EXPECT_EQ(message(Reason::NetworkError, ""), "The model provider could not be reached. Check the proxy.");
  EXPECT_LT(message(Reason::AgentError, std::string(5000, 'x')).size(), 400U);
}

}  // namespace
}  // namespace axon
