// Codex's config.toml: what the user or the image wrote there stays as it is, what a Task needs is a block of tables of
// our own behind it. Single settings are not written: they go on the command line, where they need no place before the
// first table.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace axon::codex {

/// The file without our block.
struct UserConfig {
  std::string text;
  nlohmann::ordered_json values;

  /// The value at these keys; null if there is none.
  [[nodiscard]] const nlohmann::ordered_json* find(const std::vector<std::string>& keys) const;
};

/// InvalidInput, naming `path` and the line but nothing of its content, if it is not TOML.
Result<UserConfig> read_user_config(std::string_view existing, const std::string& path);

/// A table of ours: [PARENT.NAME], its values strings, numbers, and arrays and objects of strings.
struct Table {
  std::string parent;
  std::string name;
  nlohmann::ordered_json values;
};

/// `existing` with `tables` in our block; no tables: without it. A table of the same name that is there already is
/// replaced. Only then, or where TOML allows no further table behind what is there, is the user's part written anew,
/// without its comments. Doing it again gives the same bytes.
Result<std::string> with_tables(std::string_view existing, const std::vector<Table>& tables, const std::string& path);

/// A TOML string in quotes.
std::string toml_string(std::string_view text);

}  // namespace axon::codex
