#include "core/json_access.hpp"

namespace axon {
namespace {

using nlohmann::json;

const json kNull;

const json& value_at(const json& object, const char* key) {
  if (!object.is_object()) return kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

}  // namespace

const json& object_at(const json& object, const char* key) {
  static const json kEmpty = json::object();
  const json& value = value_at(object, key);
  return value.is_object() ? value : kEmpty;
}

const json& array_at(const json& object, const char* key) {
  static const json kEmpty = json::array();
  const json& value = value_at(object, key);
  return value.is_array() ? value : kEmpty;
}

std::string text_at(const json& object, const char* key) {
  const json& value = value_at(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::optional<std::int64_t> integer_at(const json& object, const char* key) {
  const json& value = value_at(object, key);
  return value.is_number_integer() ? std::optional(value.get<std::int64_t>()) : std::nullopt;
}

std::optional<bool> boolean_at(const json& object, const char* key) {
  const json& value = value_at(object, key);
  return value.is_boolean() ? std::optional(value.get<bool>()) : std::nullopt;
}

std::map<std::string, std::string> text_map_at(const json& object, const char* key) {
  std::map<std::string, std::string> map;
  for (const auto& [name, value] : object_at(object, key).items()) {
    if (value.is_string()) map[name] = value.get<std::string>();
  }
  return map;
}

}  // namespace axon
