// For "did you mean": how close a mistyped word is to those that are known.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace axon {

/// Letters to add, leave out or change (Levenshtein): 0 for equal, small for a slip of the keyboard.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The one of `known` with the fewest edits to `word`; empty where that is more than half of it.
std::string nearest(const std::string& word, const std::set<std::string>& known);

}  // namespace axon
