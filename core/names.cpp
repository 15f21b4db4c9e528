#include "core/names.hpp"

#include <algorithm>

namespace axon {

bool is_dns_label(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= 63 && std::ranges::all_of(name, allowed) && !name.starts_with('-') &&
         !name.ends_with('-');
}

bool is_path_component(std::string_view name) {
  static constexpr std::string_view kForbidden("/\\\0", 3);
  return !name.empty() && name != "." && name != ".." && name.find_first_of(kForbidden) == std::string_view::npos;
}

std::string branch_name_problem(std::string_view name) {
  if (name.empty()) return {};
  const auto is_forbidden = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' || byte == 0x7f || std::string_view("~^:?*[\\").contains(c);
  };
  if (std::ranges::any_of(name, is_forbidden)) return "must be a name of a branch: no space, and none of ~^:?*[\\";
  for (const std::string_view part : {"..", "//", "@{", "/.", ".lock/"}) {
    if (name.contains(part)) return "must be a name of a branch: no \"" + std::string(part) + '"';
  }
  if (std::string_view("-/.").contains(name.front()))
    return "must not begin with \"" + std::string(1, name.front()) + '"';
  for (const std::string_view end : {"/", ".", ".lock"}) {
    if (name.ends_with(end)) return "must not end with \"" + std::string(end) + '"';
  }
  return name == "@" || name == "HEAD" ? "must be a name of a branch" : "";
}

std::string relative_path_problem(std::string_view path) {
  if (path.find_first_not_of(" \t") == std::string_view::npos) return "must not be empty";
  if (path.starts_with('/')) return "must be relative";
  if (path.find('\\') != std::string_view::npos) return "must not contain a backslash";
  if (path.find('\0') != std::string_view::npos) return "must not contain a NUL byte";
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (path.substr(0, slash) == "..") return "must not contain \"..\"";
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return {};
}

}  // namespace axon
