// Rules for names that come from outside.
#pragma once

#include <string>
#include <string_view>

namespace axon {

/// True for a DNS label (RFC 1123): 1 to 63 of a-z, 0-9 and "-", not "-" at an end.
bool is_dns_label(std::string_view name);

/// True for a name that is one component of a path: not empty, no "/", "\\", NUL, and neither "." nor "..".
bool is_path_component(std::string_view name);

/// Why git takes this for no branch (git-check-ref-format(1)); empty if it does, or there is none. crds/tasks.yaml has
/// the same rule.
std::string branch_name_problem(std::string_view name);

/// Why this is no path that stays below a directory (absolute, "..", backslash, empty); empty if it is one.
std::string relative_path_problem(std::string_view path);

}  // namespace axon
