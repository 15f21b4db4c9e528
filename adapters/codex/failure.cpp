#include "adapters/codex/failure.hpp"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string>

#include "adapters/codex/codex.hpp"
#include "adapters/failure.hpp"

namespace axon::codex {
namespace {

// What Codex and its provider write, codes of the provider's error bodies among it. The first that fits counts.
constexpr std::array kPhrases = std::to_array<Phrase>({
    {"content_filter", Reason::Refused},
    {"content policy", Reason::Refused},
    {"policy violation", Reason::Refused},
    {"invalid prompt", Reason::Refused},
    {"flagged", Reason::Refused},
    {"quota", Reason::QuotaExceeded},
    {"usage limit", Reason::QuotaExceeded},
    {"out of credits", Reason::QuotaExceeded},
    {"spend cap", Reason::QuotaExceeded},
    {"upgrade to p", Reason::QuotaExceeded},  // Plus or Pro
    {"billing", Reason::QuotaExceeded},
    {"budget", Reason::MaxTurns},
    {"context window", Reason::ContextExceeded},
    {"context length", Reason::ContextExceeded},
    {"context_length_exceeded", Reason::ContextExceeded},
    {"missing environment variable", Reason::AuthenticationFailed},
    {"incorrect api key", Reason::AuthenticationFailed},
    {"invalid api key", Reason::AuthenticationFailed},
    {"invalid_api_key", Reason::AuthenticationFailed},
    {"log out and sign in again", Reason::AuthenticationFailed},
    {"not logged in", Reason::AuthenticationFailed},
    {"model_not_found", Reason::ModelNotFound},
    {"does not exist", Reason::ModelNotFound},
    {"model is not supported", Reason::ModelNotFound},
    {"rate limit", Reason::RateLimited},
    {"rate_limit", Reason::RateLimited},
    {"high demand", Reason::Overloaded},
    {"capacity", Reason::Overloaded},
    {"overloaded", Reason::Overloaded},
    {"connection failed", Reason::NetworkError},
    {"error sending request", Reason::NetworkError},
    {"network error", Reason::NetworkError},
    {"stream closed", Reason::NetworkError},
    {"idle timeout", Reason::NetworkError},
    {"timed out", Reason::NetworkError},
    {"interrupted", Reason::Cancelled},
});

constexpr std::string_view kDisconnected = "stream disconnected before completion: ";
constexpr std::string_view kIncomplete = "Incomplete response returned, reason: ";

constexpr std::array kSentences = std::to_array<Sentence>({
    {.reason = Reason::AuthenticationFailed, .what_to_do = "Check CODEX_API_KEY in the Task's Secret."},
    {.reason = Reason::ModelNotFound, .what_to_do = "Check the Task's model and the provider's base URL."},
    {.reason = Reason::Refused, .what_happened = "The model or a content filter declined the request"},
    {.reason = Reason::NetworkError, .what_to_do = "Check the network, the proxy and the provider's base URL."},
    {.reason = Reason::MaxTurns,
     .what_happened = "Codex reached its budget before it was done",
     .what_to_do = "Raise the budget or give it less work."},
});

Failure failure(Reason reason, std::string_view said) { return describe_failure("Codex", kSentences, reason, said); }

/// A message taken apart.
struct Parts {
  std::string words;  // for people
  std::string code;   // of the provider's error body
  std::optional<int> status;
};

std::optional<int> leading_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

/// Bodies of errors are handed on as they came: {"error": {"message", "type", "code"}}.
void read_body(std::string_view text, Parts& parts) {
  parts.words = text;
  const auto body = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object() || !body.contains("error")) return;
  const nlohmann::json& error = body["error"];
  if (!error.is_object()) return;
  const auto field = [&](const char* key) {
    const auto found = error.find(key);
    return found != error.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  parts.words = field("message");
  parts.code = field("code");
}

Parts take_apart(std::string_view message) {
  constexpr std::string_view kStatus = "unexpected status ";
  constexpr std::string_view kLastStatus = "exceeded retry limit, last status: ";
  Parts parts;
  if (message.starts_with(kDisconnected)) message.remove_prefix(kDisconnected.size());
  if (message.starts_with(kLastStatus)) parts.status = leading_number(message.substr(kLastStatus.size()));
  if (message.starts_with(kStatus)) {  // "unexpected status 401 Unauthorized: BODY, url: URL"
    parts.status = leading_number(message.substr(kStatus.size()));
    message = message.substr(0, message.rfind(", url: "));
    const std::size_t colon = message.find(": ");
    message = colon == std::string_view::npos ? std::string_view() : message.substr(colon + 2);
  }
  read_body(message, parts);
  if (parts.words == "null") parts.words.clear();
  return parts;
}

std::optional<Reason> reason_of(const Parts& parts, bool disconnected) {
  const std::optional<Reason> words = reason_in(kPhrases, parts.code + " " + parts.words);
  // Providers say "out of credit" with 400, 403 and 429 alike, and "too long" with 400.
  if (words == Reason::QuotaExceeded || words == Reason::ContextExceeded) return words;
  if (parts.status) {
    if (const auto reason = reason_from_http_status(*parts.status)) return reason;
  }
  if (words) return words;
  return disconnected ? std::optional(Reason::Overloaded) : std::nullopt;
}

}  // namespace

Failure failure_from_message(std::string_view message) {
  const bool disconnected = message.starts_with(kDisconnected);
  const Parts parts = take_apart(message);
  if (parts.words.starts_with(kIncomplete) && parts.words.ends_with("max_output_tokens")) {
    return {Reason::AgentError,
            "The model's answer was cut at its limit of output tokens. Ask for a smaller piece of work."};
  }
  const Reason reason = reason_of(parts, disconnected).value_or(Reason::AgentError);
  return failure(reason, parts.words);
}

std::optional<Reconnecting> parse_reconnecting(std::string_view message) {
  constexpr std::string_view kStart = "Reconnecting... ";
  if (!message.starts_with(kStart)) return std::nullopt;
  message.remove_prefix(kStart.size());
  Reconnecting found;
  found.attempt = leading_number(message).value_or(0);
  if (const std::size_t slash = message.find('/'); slash != std::string_view::npos) {
    found.max_attempts = leading_number(message.substr(slash + 1)).value_or(0);
  }
  const std::size_t open = message.find('(');
  if (open == std::string_view::npos) return found;
  found.cause = message.substr(open + 1);
  if (found.cause.ends_with(')')) found.cause.remove_suffix(1);
  return found;
}

std::optional<Failure> explain_exit(int exit_code) {
  // 1 without a turn.failed, and 2, come from before the session: a setting, a required MCP server or a flag.
  if (exit_code != 1 && exit_code != 2) return std::nullopt;
  return Failure{Reason::ConfigInvalid,
                 "Codex did not start its work: it refused its configuration. Its last words on stderr, in the log, "
                 "name the setting in config.toml to correct."};
}

}  // namespace axon::codex
