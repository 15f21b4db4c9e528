#include "entrypoint/workspace/lfs/pointer.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>

namespace axon::lfs {
namespace {

constexpr std::string_view kVersions[] = {"https://git-lfs.github.com/spec/v1", "https://hawser.github.com/spec/v1"};

bool is_oid(std::string_view text) {
  return text.size() == 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// A pattern without a slash is about names in any directory; one that names a directory is about all below it.
bool matches(const std::string& path, std::string pattern) {
  while (pattern.starts_with('/')) pattern.erase(0, 1);
  while (pattern.ends_with('/')) pattern.pop_back();
  if (pattern.empty()) return false;
  if (fnmatch(pattern.c_str(), path.c_str(), 0) == 0 || fnmatch((pattern + "/*").c_str(), path.c_str(), 0) == 0) {
    return true;
  }
  return !pattern.contains('/') && fnmatch(pattern.c_str(), path.substr(path.rfind('/') + 1).c_str(), 0) == 0;
}

bool any_matches(const std::string& path, std::string_view patterns) {
  while (!patterns.empty()) {
    const std::size_t comma = patterns.find(',');
    std::string_view pattern = patterns.substr(0, comma);
    patterns = comma == std::string_view::npos ? "" : patterns.substr(comma + 1);
    const std::size_t begin = pattern.find_first_not_of(' ');
    if (begin == std::string_view::npos) continue;
    pattern = pattern.substr(begin, pattern.find_last_not_of(' ') - begin + 1);
    if (matches(path, std::string(pattern))) return true;
  }
  return false;
}

}  // namespace

std::optional<Pointer> parse_pointer(std::string_view text) {
  if (text.size() >= kPointerLimit || !text.starts_with("version ")) return std::nullopt;
  Pointer pointer;
  bool known = false;
  bool sized = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("ext-")) return std::nullopt;
    if (line.starts_with("version ")) known = std::ranges::find(kVersions, line.substr(8)) != std::end(kVersions);
    if (line.starts_with("oid sha256:")) pointer.oid = line.substr(11);
    if (line.starts_with("size ")) {
      line.remove_prefix(5);
      const auto [rest, failed] = std::from_chars(line.data(), line.data() + line.size(), pointer.size);
      sized = failed == std::errc() && rest == line.data() + line.size();
    }
  }
  if (!known || !sized || !is_oid(pointer.oid)) return std::nullopt;
  return pointer;
}

bool is_wanted(const std::string& path, std::string_view include, std::string_view exclude) {
  if (include.find_first_not_of(", ") != std::string_view::npos && !any_matches(path, include)) return false;
  return !any_matches(path, exclude);
}

}  // namespace axon::lfs
