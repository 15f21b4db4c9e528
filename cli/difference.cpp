#include "cli/difference.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

void compare(const json& there, const json& wanted, const std::string& path, std::vector<Difference>& found) {
  if (there == wanted) return;
  if (!wanted.is_object() || !there.is_object()) {
    found.push_back({path, !there.is_null()});
    return;
  }
  for (const auto& [key, value] : wanted.items()) {
    const auto at = there.find(key);
    compare(at == there.end() ? json() : *at, value, path.empty() ? key : path + "." + key, found);
  }
}

}  // namespace

std::vector<Difference> differences(const json& there, const json& wanted) {
  std::vector<Difference> found;
  compare(there, wanted, "", found);
  return found;
}

json without_nulls(const json& object) {
  if (!object.is_object()) return object;
  json result = json::object();
  for (const auto& [key, value] : object.items()) {
    if (!value.is_null()) result[key] = without_nulls(value);
  }
  return result;
}

}  // namespace axon::cli
