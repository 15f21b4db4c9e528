#include "adapters/claude/failure.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "adapters/quote.hpp"

namespace axon::claude {
namespace {

struct Phrase {
  std::string_view text;  // in lower case
  Reason reason;
};

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

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::optional<Reason> reason_from_text(std::string_view text) {
  const std::string words = lower(text);
  const auto found = std::ranges::find_if(kPhrases, [&](const Phrase& p) { return words.contains(p.text); });
  return found == kPhrases.end() ? std::nullopt : std::optional(found->reason);
}

std::optional<Reason> reason_from_kind(std::string_view kind) {
  const auto found = std::ranges::find(kKinds, kind, &Phrase::text);
  return found == kKinds.end() ? std::nullopt : std::optional(found->reason);
}

std::string_view what_happened(Reason reason) {
  switch (reason) {
    case Reason::AuthenticationFailed:
      return "The model provider refused the credential";
    case Reason::RateLimited:
      return "The model provider's rate limit was reached";
    case Reason::Overloaded:
      return "The model provider had a fault or was overloaded";
    case Reason::QuotaExceeded:
      return "The account's credit or quota is used up";
    case Reason::ContextExceeded:
      return "The conversation no longer fits the model's context";
    case Reason::ModelNotFound:
      return "The model does not exist or this account may not use it";
    case Reason::Refused:
      return "The model declined the request";
    case Reason::NetworkError:
      return "The model provider could not be reached";
    case Reason::ConfigInvalid:
      return "Claude Code could not read its configuration";
    default:
      return "Claude Code reported an error";
  }
}

std::string_view what_to_do(Reason reason) {
  switch (reason) {
    case Reason::AuthenticationFailed:
      return " Check ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN in the Task's Secret.";
    case Reason::RateLimited:
    case Reason::Overloaded:
      return " Run the Task again later.";
    case Reason::QuotaExceeded:
      return " Add credit or wait until the quota is renewed.";
    case Reason::ContextExceeded:
      return " Give a shorter prompt, fewer MCP servers or a smaller piece of work.";
    case Reason::ModelNotFound:
      return " Check the Task's model.";
    case Reason::Refused:
      return " Word the prompt differently or use another model.";
    case Reason::NetworkError:
      return " Check the network, the proxy and ANTHROPIC_BASE_URL.";
    default:
      return "";
  }
}

Failure failure(Reason reason, std::string_view said) {
  std::string message(what_happened(reason));
  if (const std::string words = quote(said); !words.empty()) message += ": " + words;
  message += '.';
  message += what_to_do(reason);
  return {reason, message};
}

/// The reason that the provider's answer gives.
std::optional<Reason> reason_from_request(std::optional<std::int64_t> status, std::string_view kind,
                                          std::string_view text) {
  const std::optional<Reason> words = reason_from_text(text);
  // Providers say "out of credit" with 400, 403 and 429 alike, and "too long" with 400.
  if (words == Reason::QuotaExceeded || words == Reason::ContextExceeded) return words;
  // Without any answer the kind is a guess of the agent: "server_error" also for a name that does not resolve.
  if (!status && words) return words;
  if (status) {
    if (const auto reason = reason_from_http_status(static_cast<int>(*status))) return reason;
  }
  if (const auto reason = reason_from_kind(kind)) return reason;
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
