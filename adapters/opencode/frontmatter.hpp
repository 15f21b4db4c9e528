// The YAML header of a Markdown file, edited by whole fields: what is not touched stays as it was written, also where
// it is no good YAML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace axon::opencode {

struct Frontmatter {
  struct Field {
    std::string key;   // empty: lines before the first key
    std::string text;  // all its lines, the key among them
  };

  std::vector<Field> fields;
  std::string body;

  /// The scalar of this key without quotes and comment; empty if there is none.
  [[nodiscard]] std::string value(std::string_view key) const;

  /// The elements of "a, b", "[a, b]" or lines "- a".
  [[nodiscard]] std::vector<std::string> items(std::string_view key) const;

  [[nodiscard]] bool has(std::string_view key) const;
  void erase(std::string_view key);

  /// Replaces the field in its place, or adds it at the end. `yaml` follows "KEY: ".
  void set(std::string_view key, std::string_view yaml);
};

/// A text without a header is all body.
Frontmatter parse_frontmatter(std::string_view text);

std::string to_text(const Frontmatter& document);

/// As a YAML string in double quotes.
std::string quoted(std::string_view value);

}  // namespace axon::opencode
