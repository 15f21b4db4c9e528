#include "adapters/claude/failure.hpp"

#include <array>
#include <string>

#include "adapters/failure.hpp"

namespace axon::claude {
namespace {

// What Claude Code and its provider write for people where no field tells the reason. The first that fits counts.
constexpr std::array kPhrases = std::to_array<Phrase>({
    {"not logged in", Reason::AuthenticationFailed},
    {"invalid api key", Reason::AuthenticationFailed},
    {"failed to authenticate", Reason::AuthenticationFailed},
    {"oauth token", Reason::AuthenticationFailed},
    {"credit balance", Reason::QuotaExceeded},
    {"usage limit", Reason::QuotaExceeded},
    {"spend limit", Reason::QuotaExceeded},
    {"hit your limit", Reason::QuotaExceeded},
    {"quota", Reason::QuotaExceeded},
    {"prompt is too long", Reason::ContextExceeded},
    {"request too large", Reason::ContextExceeded},
    {"issue with the selected model", Reason::ModelNotFound},
    {"safeguards flagged", Reason::Refused},
    {"usage policy", Reason::Refused},
    {"unable to connect", Reason::NetworkError},
    {"connection error", Reason::NetworkError},
    {"connection closed", Reason::NetworkError},
    {"connection refused", Reason::NetworkError},
    {"econnrefused", Reason::NetworkError},
    {"econnreset", Reason::NetworkError},
    {"enotfound", Reason::NetworkError},
    {"reach the api", Reason::NetworkError},
    {"fetch failed", Reason::NetworkError},
    {"timed out", Reason::NetworkError},
    {"overloaded", Reason::Overloaded},
    {"rate limit", Reason::RateLimited},
});

// The provider's api_error_type, and the `error` of api_retry events and synthetic messages.
constexpr std::array kKinds = std::to_array<Phrase>({
    {"authentication_error", Reason::AuthenticationFailed},
    {"authentication_failed", Reason::AuthenticationFailed},
    {"oauth_org_not_allowed", Reason::AuthenticationFailed},
    {"permission_error", Reason::AuthenticationFailed},
    {"billing_error", Reason::QuotaExceeded},
    {"rate_limit_error", Reason::RateLimited},
    {"rate_limit", Reason::RateLimited},
    {"overloaded_error", Reason::Overloaded},
    {"overloaded", Reason::Overloaded},
    {"server_error", Reason::Overloaded},
    {"api_error", Reason::Overloaded},
    {"not_found_error", Reason::ModelNotFound},
    {"model_not_found", Reason::ModelNotFound},
    {"request_too_large", Reason::ContextExceeded},
    {"timeout_error", Reason::NetworkError},
});

constexpr std::array kSentences = std::to_array<Sentence>({
    {.reason = Reason::AuthenticationFailed,
     .what_to_do = "Check ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN in the Task's Secret."},
    {.reason = Reason::NetworkError, .what_to_do = "Check the network, the proxy and ANTHROPIC_BASE_URL."},
});

Failure failure(Reason reason, std::string_view said) {
  return describe_failure("Claude Code", kSentences, reason, said);
}

/// The reason that the provider's answer gives.
std::optional<Reason> reason_from_request(std::optional<std::int64_t> status, std::string_view kind,
                                          std::string_view text) {
  const std::optional<Reason> words = reason_in(kPhrases, text);
  // Providers say "out of credit" with 400, 403 and 429 alike, and "too long" with 400.
  if (words == Reason::QuotaExceeded || words == Reason::ContextExceeded) return words;
  // Without any answer the kind is a guess of the agent: "server_error" also for a name that does not resolve.
  if (!status && words) return words;
  if (status) {
    if (const auto reason = reason_from_http_status(static_cast<int>(*status))) return reason;
  }
  if (const auto reason = reason_named(kKinds, kind)) return reason;
  return words;
}

std::optional<Failure> limit_failure(const ResultFacts& facts) {
  if (facts.subtype == "error_max_turns") {
    return Failure{Reason::MaxTurns,
                   "Claude Code reached its limit of turns before it was done. Raise the limit or give it less work."};
  }
  if (facts.subtype == "error_max_budget_usd") {
    return Failure{Reason::MaxTurns,
                   "Claude Code reached its budget before it was done. Raise the budget or give it less work."};
  }
  return std::nullopt;
}

/// A run that ended well without having begun: "/compact", "/clear", "/help".
Failure own_command_failure(std::string_view command) {
  std::string message = "Claude Code took the prompt for its own command";
  if (!command.empty()) message += " /" + std::string(command);
  message += " and asked no model. Begin the prompt with something else than a slash.";
  return {Reason::ConfigInvalid, message};
}

}  // namespace

Failure request_failure(std::optional<std::int64_t> status, std::string_view kind, std::string_view text) {
  const std::optional<Reason> reason = reason_from_request(status, kind, text);
  // A request that failed without any answer has no status and the kind "unknown".
  if (!reason && !status && kind == "unknown") return failure(Reason::NetworkError, text);
  return failure(reason.value_or(Reason::AgentError), text);
}

std::optional<Failure> result_failure(const ResultFacts& facts) {
  const bool is_error = facts.is_error || facts.subtype.starts_with("error");
  if (facts.stop_reason == "refusal") return failure(Reason::Refused, is_error ? facts.text : "");
  if (!is_error && facts.asked_no_model) return own_command_failure(facts.local_command);
  if (!is_error) return std::nullopt;
  if (auto limit = limit_failure(facts)) return limit;
  if (facts.startup_failure == "config_file_invalid") return failure(Reason::ConfigInvalid, facts.text);
  if (facts.terminal_reason == "prompt_too_long") return failure(Reason::ContextExceeded, facts.text);
  if (facts.terminal_reason.starts_with("aborted")) {
    return Failure{Reason::Cancelled, "Claude Code was interrupted before it was done."};
  }
  return request_failure(facts.status, facts.error_type, facts.text);
}

}  // namespace axon::claude
