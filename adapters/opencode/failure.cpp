#include "adapters/opencode/failure.hpp"

#include <array>
#include <string>

#include "adapters/failure.hpp"
#include "adapters/opencode/opencode.hpp"

namespace axon::opencode {
namespace {

// What providers write for people and in the codes of their answers. The first that fits counts.
constexpr std::array kPhrases = std::to_array<Phrase>({
    {"credit balance", Reason::QuotaExceeded},
    {"insufficient_quota", Reason::QuotaExceeded},
    {"insufficient credit", Reason::QuotaExceeded},
    {"insufficient balance", Reason::QuotaExceeded},
    {"exceeded your current quota", Reason::QuotaExceeded},
    {"usage limit", Reason::QuotaExceeded},
    {"usagelimiterror", Reason::QuotaExceeded},
    {"free usage exceeded", Reason::QuotaExceeded},
    {"prompt is too long", Reason::ContextExceeded},
    {"maximum context length", Reason::ContextExceeded},
    {"context_length_exceeded", Reason::ContextExceeded},
    {"api key is missing", Reason::AuthenticationFailed},
    {"invalid api key", Reason::AuthenticationFailed},
    {"api key not valid", Reason::AuthenticationFailed},
    {"unauthorized", Reason::AuthenticationFailed},
    {"model not found", Reason::ModelNotFound},
    {"modelnotfounderror", Reason::ModelNotFound},
    {"cannot connect", Reason::NetworkError},
    {"unable to connect", Reason::NetworkError},
    {"connection refused", Reason::NetworkError},
    {"connectionrefused", Reason::NetworkError},
    {"connection reset", Reason::NetworkError},
    {"connection error", Reason::NetworkError},
    {"connection was closed", Reason::NetworkError},
    {"econnrefused", Reason::NetworkError},
    {"econnreset", Reason::NetworkError},
    {"enotfound", Reason::NetworkError},
    {"getaddrinfo", Reason::NetworkError},
    {"fetch failed", Reason::NetworkError},
    {"failed to fetch", Reason::NetworkError},
    {"certificate", Reason::NetworkError},
    {"terminated", Reason::NetworkError},
    {"timed out", Reason::NetworkError},
    {"timeout", Reason::NetworkError},
    {"overloaded", Reason::Overloaded},
    {"rate limit", Reason::RateLimited},
    {"too many requests", Reason::RateLimited},
});

constexpr std::array kNames = std::to_array<Phrase>({
    {"ProviderAuthError", Reason::AuthenticationFailed},
    {"ContextOverflowError", Reason::ContextExceeded},
    {"ContentFilterError", Reason::Refused},
    {"ProviderModelNotFoundError", Reason::ModelNotFound},
    {"ConfigInvalidError", Reason::ConfigInvalid},
    {"ConfigJsonError", Reason::ConfigInvalid},
    {"MessageAbortedError", Reason::Cancelled},
});

constexpr std::array kSentences = std::to_array<Sentence>({
    {.reason = Reason::AuthenticationFailed,
     .what_to_do = "Check OPENCODE_API_KEY in the Task's Secret: it has to be a key of the model's provider."},
    {.reason = Reason::ModelNotFound, .what_to_do = "Check the Task's model: PROVIDER/MODEL."},
    {.reason = Reason::Refused,
     .what_happened = "The model declined the request, or the provider's content filter stopped it"},
    {.reason = Reason::NetworkError, .what_to_do = "Check the network, the proxy and the provider's baseURL."},
});

Failure failure(Reason reason, std::string_view said) { return describe_failure("opencode", kSentences, reason, said); }

Failure output_limit() {
  return {Reason::AgentError,
          "The model's answer was cut at its limit of output tokens. Ask for less at once, or raise "
          "OPENCODE_EXPERIMENTAL_OUTPUT_TOKEN_MAX or the model's limit."};
}

/// What it says where the session cannot start at all; the cause is only in its log on stderr.
Failure server_error() {
  return {Reason::ModelNotFound,
          "opencode could not start: it does not know the model, or has no credential for its provider. Check the "
          "Task's model (PROVIDER/MODEL) and its Secret; the log above has opencode's own words."};
}

}  // namespace

Failure error_failure(const ErrorFacts& facts) {
  if (facts.name == "MessageOutputLengthError") return output_limit();
  if (facts.name == "UnknownError" && facts.message.starts_with("Unexpected server error")) return server_error();
  if (const auto named = reason_named(kNames, facts.name)) return failure(*named, facts.message);
  const std::optional<Reason> words = reason_in(kPhrases, std::string(facts.message) + '\n' + std::string(facts.body));
  // Providers say "out of credit" with 400, 403 and 429 alike, and "too long" with 400.
  if (words == Reason::QuotaExceeded || words == Reason::ContextExceeded) return failure(*words, facts.message);
  if (facts.status) {
    if (const auto reason = reason_from_http_status(static_cast<int>(*facts.status))) {
      return failure(*reason, facts.message);
    }
  }
  return failure(words.value_or(Reason::AgentError), facts.message);
}

std::optional<Failure> finish_failure(std::string_view reason) {
  if (reason == "stop" || reason == "tool-calls" || reason == "unknown") return std::nullopt;
  if (reason == "length") return output_limit();
  if (reason == "content-filter") return failure(Reason::Refused, "");
  return failure(Reason::AgentError, "the model's answer ended for the reason \"" + std::string(reason) + "\"");
}

Failure compaction_failure() {
  return failure(Reason::ContextExceeded, "it did not even after opencode had compacted it");
}

Failure rejected_failure(std::string_view said) {
  Failure out = failure(Reason::AgentError, said);
  out.message += " Allow the tool in opencode's permission settings, or do not ask for it.";
  return out;
}

std::optional<Failure> explain_exit(int exit_code) {
  if (exit_code != 1) return std::nullopt;
  return Failure{Reason::ConfigInvalid,
                 "opencode did not start its work: it refused its configuration. Its last words on stderr, in the log, "
                 "name the file and the setting to correct."};
}

}  // namespace axon::opencode
