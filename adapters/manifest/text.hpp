// The two kinds of replacement in a manifest: {placeholders} in words, and ~ and ${VARIABLES} in file names.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/launch.hpp"
#include "core/result.hpp"

namespace axon::manifest {

/// The names of the placeholders in `text`: "{" letters "}". "{{name}}" is not one, it stands for "{name}".
std::set<std::string> placeholders(std::string_view text);

/// A placeholder without a value stays as it is.
std::string fill(std::string_view text, const std::map<std::string, std::string>& values);

/// "~/x", "${VAR}/x" and "${VAR:-default}/x" as an absolute path. InvalidInput if a variable is not set.
Result<std::string> expand_path(std::string_view path, const Environment& env);

}  // namespace axon::manifest
