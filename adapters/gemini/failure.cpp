#include "adapters/gemini/failure.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "adapters/gemini/gemini.hpp"
#include "adapters/quote.hpp"

namespace axon::gemini {
namespace {

using nlohmann::json;

struct Phrase {
  std::string_view text;  // in lower case
  Reason reason;
};

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

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
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

std::optional<Reason> reason_from(std::span<const Phrase> table, auto&& fits) {
  const auto found = std::ranges::find_if(table, [&](const Phrase& phrase) { return fits(phrase.text); });
  return found == table.end() ? std::nullopt : std::optional(found->reason);
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
      return "The conversation or the answer is longer than the model allows";
    case Reason::ModelNotFound:
      return "The model does not exist or this account may not use it";
    case Reason::Refused:
      return "The model declined the request";
    case Reason::NetworkError:
      return "The connection to the model provider failed";
    case Reason::ConfigInvalid:
      return "Gemini CLI did not accept its input or configuration";
    case Reason::MaxTurns:
      return "Gemini CLI reached its limit of turns before it was done";
    case Reason::Cancelled:
      return "Gemini CLI was interrupted before it was done";
    default:
      return "Gemini CLI reported an error";
  }
}

std::string_view what_to_do(Reason reason) {
  switch (reason) {
    case Reason::AuthenticationFailed:
      return " Check GEMINI_API_KEY in the Task's Secret.";
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
      return " Check the network, the proxy and GOOGLE_GEMINI_BASE_URL.";
    case Reason::ConfigInvalid:
      return " Check .gemini/settings.json of the image and of the repository.";
    case Reason::MaxTurns:
      return " Raise model.maxSessionTurns in settings.json or give it less work.";
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

}  // namespace

Failure failure_of(std::string_view type, std::string_view message) {
  if (message.starts_with("Loop detected")) {
    return {
        Reason::AgentError,
        "Gemini CLI stopped because it did the same thing again and again. Word the prompt differently or use another "
        "model."};
  }
  if (const auto reason = reason_from(kTypes, [&](std::string_view name) { return type == name; })) {
    return failure(*reason, *reason == Reason::ConfigInvalid ? message : "");
  }
  const Said said = unwrap(message);
  const std::string words = lower(message);
  const auto told = reason_from(kPhrases, [&](std::string_view phrase) { return words.contains(phrase); });
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
