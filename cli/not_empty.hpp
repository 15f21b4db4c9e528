// A check of a flag that has no meaning without a value: what a script's unset variable makes of it.
#pragma once

#include <string>

namespace axon::cli {

/// For CLI::Option::check.
inline std::string not_empty(const std::string& value) { return value.empty() ? "is empty" : ""; }

}  // namespace axon::cli
