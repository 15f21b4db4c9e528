#include "cli/print_object.hpp"

#include "cli/files.hpp"
#include "cli/yaml_text.hpp"
#include "core/json_text.hpp"

namespace axon::cli {

using nlohmann::json;

namespace {

/// Lists leave a null in their place.
void drop_managed_fields(json& object) {
  if (object.is_object() && object.contains("metadata")) object["metadata"].erase("managedFields");
}

}  // namespace

void print_object(json object, const std::string& output) {
  drop_managed_fields(object);
  write_all(1, output == "yaml" ? yaml_text(object) : json_text(object, 2) + "\n");
}

void print_list(std::vector<json> objects, const std::string& output) {
  json list = {{"apiVersion", "v1"}, {"kind", "List"}, {"items", json::array()}};
  for (json& object : objects) {
    drop_managed_fields(object);
    list["items"].push_back(std::move(object));
  }
  print_object(std::move(list), output);
}

}  // namespace axon::cli
