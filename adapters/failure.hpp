// What all agents' failures have in common: the reason told from words, and the sentence for people made of it.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/outcome.hpp"

namespace axon {

/// Words that tell a reason.
struct Phrase {
  std::string_view text;
  Reason reason;
};

/// The reason of the first phrase that is somewhere in `words`, of whatever case; phrases are in lower case.
std::optional<Reason> reason_in(std::span<const Phrase> phrases, std::string_view words);

/// The reason of the phrase that `name` is.
std::optional<Reason> reason_named(std::span<const Phrase> names, std::string_view name);

/// What an agent's failures say otherwise than those of all agents. Empty: as all say it.
struct Sentence {
  Reason reason;
  std::string_view what_happened = {};  // without a full stop
  std::string_view what_to_do = {};
};

/// "WHAT HAPPENED: THE AGENT'S OWN WORDS. WHAT TO DO." `agent` is its name for people, `said` is quoted if not empty.
Failure describe_failure(std::string_view agent, std::span<const Sentence> sentences, Reason reason,
                         std::string_view said);

}  // namespace axon
