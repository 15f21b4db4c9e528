#include "adapters/config/toml.hpp"

#include <cctype>
#include <sstream>

#include "adapters/config/toml_library.hpp"

namespace axon::config {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    ordered_json out = ordered_json::object();
    for (const auto& [key, value] : *table) out[std::string(key.str())] = to_json(value);
    return out;
  }
  if (const auto* array = node.as_array()) {
    ordered_json out = ordered_json::array();
    for (const toml::node& item : *array) out.push_back(to_json(item));
    return out;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  std::ostringstream text;
  node.visit([&](const auto& value) {
    if constexpr (toml::is_date<decltype(value)> || toml::is_time<decltype(value)> ||
                  toml::is_date_time<decltype(value)>) {
      text << value.get();
    }
  });
  return text.str();
}

void insert(toml::table& table, const std::string& key, const ordered_json& value);
void append(toml::array& array, const ordered_json& value);

toml::table to_table(const ordered_json& object) {
  toml::table table;
  for (const auto& [key, value] : object.items()) insert(table, key, value);
  return table;
}

toml::array to_array(const ordered_json& list) {
  toml::array array;
  for (const ordered_json& item : list) append(array, item);
  return array;
}

/// TOML has no null: such a value is left out.
template <class Put>
void convert(const ordered_json& value, const Put& put) {
  if (value.is_object()) {
    put(to_table(value));
  } else if (value.is_array()) {
    put(to_array(value));
  } else if (value.is_string()) {
    put(value.get<std::string>());
  } else if (value.is_boolean()) {
    put(value.get<bool>());
  } else if (value.is_number_integer()) {
    put(value.get<std::int64_t>());
  } else if (value.is_number_float()) {
    put(value.get<double>());
  }
}

void insert(toml::table& table, const std::string& key, const ordered_json& value) {
  convert(value, [&](auto&& item) { table.insert_or_assign(key, std::forward<decltype(item)>(item)); });
}

void append(toml::array& array, const ordered_json& value) {
  convert(value, [&](auto&& item) { array.push_back(std::forward<decltype(item)>(item)); });
}

}  // namespace

std::optional<ordered_json> parse_toml(std::string_view text) {
  try {
    return to_json(toml::parse(text));
  } catch (const toml::parse_error&) {
    return std::nullopt;
  }
}

std::string to_toml(const ordered_json& document) {
  std::ostringstream text;
  text << to_table(document) << "\n";
  return text.str();
}

}  // namespace axon::config
