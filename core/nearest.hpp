// For "did you mean": the known word that a mistyped one is closest to.
#pragma once

#include <set>
#include <string>

namespace axon {

/// The one of `known` with the fewest edits to `word`; empty where that is more than half of it.
std::string nearest(const std::string& word, const std::set<std::string>& known);

}  // namespace axon
