#include "adapters/failure.hpp"

#include <algorithm>
#include <string>

#include "adapters/quote.hpp"
#include "core/letters.hpp"

namespace axon {
namespace {

std::string what_happened(std::string_view agent, Reason reason) {
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
      return std::string(agent) + " could not read its configuration";
    case Reason::Cancelled:
      return std::string(agent) + " was interrupted before it was done";
    default:
      return std::string(agent) + " reported an error";
  }
}

std::string_view what_to_do(Reason reason) {
  switch (reason) {
    case Reason::RateLimited:
    case Reason::Overloaded:
      return "Run the Task again later.";
    case Reason::QuotaExceeded:
      return "Add credit or wait until the quota is renewed.";
    case Reason::ContextExceeded:
      return "Give a shorter prompt, fewer MCP servers or a smaller piece of work.";
    case Reason::ModelNotFound:
      return "Check the Task's model.";
    case Reason::Refused:
      return "Word the prompt differently or use another model.";
    default:
      return "";
  }
}

std::optional<Reason> reason_of(std::span<const Phrase> phrases, const auto& fits) {
  const auto found = std::ranges::find_if(phrases, fits);
  return found == phrases.end() ? std::nullopt : std::optional(found->reason);
}

}  // namespace

std::optional<Reason> reason_in(std::span<const Phrase> phrases, std::string_view words) {
  const std::string lower = lower_case(words);
  return reason_of(phrases, [&](const Phrase& phrase) { return lower.contains(phrase.text); });
}

std::optional<Reason> reason_named(std::span<const Phrase> names, std::string_view name) {
  return reason_of(names, [&](const Phrase& phrase) { return phrase.text == name; });
}

Failure describe_failure(std::string_view agent, std::span<const Sentence> sentences, Reason reason,
                         std::string_view said) {
  const auto own = std::ranges::find(sentences, reason, &Sentence::reason);
  const Sentence sentence = own == sentences.end() ? Sentence{.reason = reason} : *own;
  std::string message =
      sentence.what_happened.empty() ? what_happened(agent, reason) : std::string(sentence.what_happened);
  if (const std::string words = quote(said); !words.empty()) message += ": " + words;
  message += '.';
  const std::string_view advice = sentence.what_to_do.empty() ? what_to_do(reason) : sentence.what_to_do;
  if (!advice.empty()) message += " " + std::string(advice);
  return {reason, message};
}

}  // namespace axon
