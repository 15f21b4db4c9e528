// The head of a Markdown file with YAML between "---" lines, as plugins' skills and agents have it.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace axon::codex {

struct FrontMatter {
  std::map<std::string, std::string> fields;  // those that are text
  std::string_view body;                      // of the text that was read
  bool is_yaml = false;                       // false: none, or only "KEY: TEXT" lines that YAML does not take
};

/// Descriptions with a colon in them are no YAML, and still common: such a head is read line by line.
FrontMatter read_front_matter(std::string_view text);

/// The first line of text that says something, without the marks of a heading.
std::string first_words(std::string_view body);

}  // namespace axon::codex
