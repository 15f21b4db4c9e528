#include "adapters/codex/config_file.hpp"

#include <algorithm>
#include <optional>
#include <sstream>

#include "adapters/config/marked_block.hpp"
#include "adapters/config/toml.hpp"
#include "adapters/config/toml_library.hpp"

namespace axon::codex {
namespace {

using nlohmann::ordered_json;

std::string toml_value(const ordered_json& value) {
  if (value.is_string()) return toml_string(value.get_ref<const std::string&>());
  if (!value.is_structured()) return value.dump();
  std::string text;
  for (const auto& [key, item] : value.items()) {
    text += text.empty() ? "" : ", ";
    if (value.is_object()) text += toml_string(key) + " = ";
    text += toml_value(item);
  }
  return value.is_array() ? "[" + text + "]" : "{ " + text + " }";
}

std::string block_of(const std::vector<Table>& tables) {
  std::string text;
  for (const Table& table : tables) {
    if (!text.empty()) text += '\n';
    text += "[" + table.parent + "." + toml_string(table.name) + "]\n";
    for (const auto& [key, value] : table.values.items()) text += key + " = " + toml_value(value) + "\n";
  }
  return text;
}

std::unexpected<Error> not_toml(const std::string& path, std::size_t line) {
  return fail(Errc::InvalidInput, path + ":" + std::to_string(line) + ": not TOML; repair or remove the file");
}

Result<toml::table> parse(std::string_view text, const std::string& path) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return not_toml(path, error.source().begin.line);
  }
}

bool has_one_of(const toml::table& document, const std::vector<Table>& tables) {
  return std::ranges::any_of(tables, [&](const Table& table) {
    const toml::table* parent = document[table.parent].as_table();
    return parent != nullptr && parent->contains(table.name);
  });
}

/// The user's part without the tables that ours replace, and open for further ones.
Result<std::string> rewritten(toml::table document, const std::vector<Table>& tables, const std::string& path) {
  for (const Table& table : tables) {
    const toml::node* node = document.get(table.parent);
    if (node == nullptr) continue;
    toml::table* parent = document[table.parent].as_table();
    if (parent == nullptr) {
      return fail(Errc::InvalidInput, path + ": " + table.parent + ": expected a table; repair or remove it");
    }
    parent->is_inline(false);
    parent->erase(table.name);
  }
  std::ostringstream text;
  text << document << "\n";
  return text.str();
}

}  // namespace

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      out += "\\u00";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

const ordered_json* UserConfig::find(const std::vector<std::string>& keys) const {
  const ordered_json* at = &values;
  for (const std::string& key : keys) {
    if (!at->is_object()) return nullptr;
    const auto found = at->find(key);
    if (found == at->end()) return nullptr;
    at = &*found;
  }
  return at;
}

Result<UserConfig> read_user_config(std::string_view existing, const std::string& path) {
  // Its lines are counted with our block in it.
  if (Result<toml::table> whole = parse(existing, path); !whole) return std::unexpected(std::move(whole).error());
  Result<std::string> text = config::with_block(existing, "", path, config::kTomlMarks);
  if (!text) return std::unexpected(std::move(text).error());
  std::optional<ordered_json> values = config::parse_toml(*text);
  if (!values) return not_toml(path, 1);
  return UserConfig{*std::move(text), *std::move(values)};
}

Result<std::string> with_tables(std::string_view existing, const std::vector<Table>& tables, const std::string& path) {
  const std::string block = block_of(tables);
  Result<std::string> user = config::with_block(existing, "", path, config::kTomlMarks);
  if (!user || tables.empty()) return user;
  Result<toml::table> document = parse(*user, path);
  if (!document) return std::unexpected(std::move(document).error());
  if (!has_one_of(*document, tables)) {
    Result<std::string> text = config::with_block(existing, block, path, config::kTomlMarks);
    if (text && parse(*text, path)) return text;
  }
  Result<std::string> plain = rewritten(*std::move(document), tables, path);
  if (!plain) return plain;
  Result<std::string> text = config::with_block(*plain, block, path, config::kTomlMarks);
  if (!text) return text;
  if (Result<toml::table> valid = parse(*text, path); !valid) return std::unexpected(std::move(valid).error());
  return text;
}

}  // namespace axon::codex
