#include "adapters/gemini/failure.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "adapters/failure.hpp"
#include "adapters/gemini/gemini.hpp"

namespace axon::gemini {
namespace {

using nlohmann::json;

// What Gemini CLI and the provider write where no number tells the reason. The first that fits counts.
constexpr std::array kPhrases = std::to_array<Phrase>({
    {"api key not valid", Reason::AuthenticationFailed},
    {"api key expired", Reason::AuthenticationFailed},
    {"api_key_invalid", Reason::AuthenticationFailed},
    {"reported as leaked", Reason::AuthenticationFailed},
    {"unauthenticated", Reason::AuthenticationFailed},
    {"permission_denied", Reason::AuthenticationFailed},
    {"daily quota", Reason::QuotaExceeded},
    {"quota limit for the day", Reason::QuotaExceeded},
    {"credits are depleted", Reason::QuotaExceeded},
    {"spending cap", Reason::QuotaExceeded},
    {"no final response text", Reason::AgentError},  // goes on about the context window
    {"input token count", Reason::ContextExceeded},
    {"maximum context length", Reason::ContextExceeded},
    {"context window", Reason::ContextExceeded},
    {"maximum number of tokens allowed", Reason::ContextExceeded},
    {"exceeded the token limit", Reason::ContextExceeded},
    {"to increase your limits, request a quota", Reason::RateLimited},  // it adds this to every 429
    {"resource_exhausted", Reason::RateLimited},
    {"resource has been exhausted", Reason::RateLimited},
    {"exhausted your capacity", Reason::Overloaded},
    {"safety settings", Reason::Refused},
    {"copyright filters", Reason::Refused},
    {"other policy settings", Reason::Refused},
    {"is not found for api version", Reason::ModelNotFound},
    {"requested entity was not found", Reason::ModelNotFound},
    {"model not found", Reason::ModelNotFound},
    {"is no longer available", Reason::ModelNotFound},
    {"fetch failed", Reason::NetworkError},
    {"[api error: terminated]", Reason::NetworkError},
    {"econnre", Reason::NetworkError},
    {"enotfound", Reason::NetworkError},
    {"timed out", Reason::NetworkError},
    {"socket hang up", Reason::NetworkError},
    {"premature close", Reason::NetworkError},
    {"incomplete json segment", Reason::NetworkError},
    {"overloaded", Reason::Overloaded},
    {"high demand", Reason::Overloaded},
    {"unavailable", Reason::Overloaded},
    {"internal error", Reason::Overloaded},
    {"internal server error", Reason::Overloaded},
    {"empty response", Reason::Overloaded},
    {"maximum session turns", Reason::MaxTurns},
});

// The classes of its own errors.
constexpr std::array kTypes = std::to_array<Phrase>({
    {"FatalAuthenticationError", Reason::AuthenticationFailed},
    {"FatalConfigError", Reason::ConfigInvalid},
    {"FatalInputError", Reason::ConfigInvalid},
    {"FatalSandboxError", Reason::ConfigInvalid},
    {"FatalTurnLimitedError", Reason::MaxTurns},
    {"FatalCancellationError", Reason::Cancelled},
});

constexpr std::array kSentences = std::to_array<Sentence>({
    {.reason = Reason::AuthenticationFailed, .what_to_do = "Check GEMINI_API_KEY in the Task's Secret."},
    {.reason = Reason::ContextExceeded,
     .what_happened = "The conversation or the answer is longer than the model allows"},
    {.reason = Reason::NetworkError,
     .what_happened = "The connection to the model provider failed",
     .what_to_do = "Check the network, the proxy and GOOGLE_GEMINI_BASE_URL."},
    {.reason = Reason::ConfigInvalid,
     .what_happened = "Gemini CLI did not accept its input or configuration",
     .what_to_do = "Check .gemini/settings.json of the image and of the repository."},
    {.reason = Reason::MaxTurns,
     .what_happened = "Gemini CLI reached its limit of turns before it was done",
     .what_to_do = "Raise model.maxSessionTurns in settings.json or give it less work."},
});

Failure failure(Reason reason, std::string_view said) {
  return describe_failure("Gemini CLI", kSentences, reason, said);
}

/// The provider's own words: "[API Error: WORDS]", WORDS often being its whole answer as JSON.
struct Said {
  std::string words;
  std::optional<int> status;
};

Said unwrap(std::string_view message) {
  constexpr std::string_view kBegin = "[API Error: ";
  Said said{.words = std::string(message), .status = {}};
  if (!message.starts_with(kBegin)) return said;
  message.remove_prefix(kBegin.size());
  said.words = message.substr(0, message.rfind(']'));
  const json answer = json::parse(said.words, nullptr, /*allow_exceptions=*/false);
  const json error = answer.is_object() ? answer.value("error", json()) : json();
  if (!error.is_object()) return said;
  if (error.contains("code") && error["code"].is_number_integer()) said.status = error["code"].get<int>();
  if (error.contains("message") && error["message"].is_string()) said.words = error["message"];
  return said;
}

}  // namespace

Failure failure_of(std::string_view type, std::string_view message) {
  if (message.starts_with("Loop detected")) {
    return {
        Reason::AgentError,
        "Gemini CLI stopped because it did the same thing again and again. Word the prompt differently or use another "
        "model."};
  }
  if (const auto reason = reason_named(kTypes, type)) {
    return failure(*reason, *reason == Reason::ConfigInvalid ? message : "");
  }
  const Said said = unwrap(message);
  const auto told = reason_in(kPhrases, message);
  // The provider says "the key is wrong" and "too long" with 400.
  if (told && (!said.status || *said.status == 400)) return failure(*told, said.words);
  if (told == Reason::QuotaExceeded) return failure(*told, said.words);
  const auto numbered = said.status ? reason_from_http_status(*said.status) : std::nullopt;
  return failure(numbered.value_or(told.value_or(Reason::AgentError)), said.words);
}

bool ends_the_run(std::string_view message) {
  return message.starts_with("Loop detected") || message.starts_with("Maximum session turns") ||
         message.starts_with("Agent execution blocked");
}

std::optional<Failure> explain_exit(int exit_code) {
  switch (exit_code) {
    case 41:
      return Failure{Reason::AuthenticationFailed,
                     "Gemini CLI found no credential that it can use. Check GEMINI_API_KEY in the Task's Secret."};
    case 42:
      return failure(Reason::ConfigInvalid, "it could not use the prompt or its options");
    case 52:
      return failure(Reason::ConfigInvalid, "a configuration file is not valid; its standard error says which");
    case 53:
      return failure(Reason::MaxTurns, "");
    case 55:
      return failure(Reason::ConfigInvalid, "it does not trust the working directory");
    case 130:
      return failure(Reason::Cancelled, "");
    default:
      return std::nullopt;
  }
}

}  // namespace axon::gemini
