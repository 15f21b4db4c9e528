#include "kube/object.hpp"

#include <cctype>

namespace axon::kube {
namespace {

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("-._~").contains(c)) {
      result += c;
    } else {
      result += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
  }
  return result;
}

}  // namespace

std::string to_string(const Key& key) { return key.ns + (key.ns.empty() || key.name.empty() ? "" : "/") + key.name; }

std::string group_path(const Resource& resource) {
  return (resource.group.empty() ? "/api/" : "/apis/" + resource.group + "/") + resource.version;
}

std::string path_of(const Resource& resource, const Key& key, std::string_view subresource) {
  std::string path = group_path(resource);
  if (!key.ns.empty()) path += "/namespaces/" + percent_encoded(key.ns);
  path += "/" + resource.plural;
  if (!key.name.empty()) path += "/" + percent_encoded(key.name);
  if (!subresource.empty()) path += "/" + std::string(subresource);
  return path;
}

std::string query_of(const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string query;
  for (const auto& [name, value] : parameters) {
    if (!value.empty()) query += (query.empty() ? "" : "&") + name + "=" + percent_encoded(value);
  }
  return query;
}

std::string text_at(const Json& object, const char* pointer) {
  const Json::json_pointer path(pointer);
  if (!object.contains(path)) return "";
  const Json& found = object.at(path);
  return found.is_string() ? found.get<std::string>() : "";
}

Key key_of(const Json& object) { return {text_at(object, "/metadata/namespace"), text_at(object, "/metadata/name")}; }

Result<std::string> body_of(const Json& object) {
  try {
    return object.dump();
  } catch (const Json::type_error&) {  // its message may show a part of a Secret
    return fail(Errc::InvalidInput, "a text in it is not valid UTF-8");
  }
}

Result<Json> parse_json(std::string_view text) {
  Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded()) return fail(Errc::Unavailable, "the API server's answer is not valid JSON");
  return value;
}

}  // namespace axon::kube
