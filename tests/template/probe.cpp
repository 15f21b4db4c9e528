// The same protocol as oracle/main.go, answered by controller/template and controller/cron.
#include <iostream>
#include <nlohmann/json.hpp>

#include "controller/cron/schedule.hpp"
#include "controller/template/template.hpp"
#include "core/encoding.hpp"

namespace {

using namespace axon;
using nlohmann::json;
using templates::Value;

Value decode(const json& from);

Value strings(const json& from) {
  if (from.is_array()) {
    std::vector<Value> items;
    for (const json& item : from) items.push_back(Value::string(item.get<std::string>()));
    return Value::list(std::move(items), templates::Elements::Strings);
  }
  templates::Entries entries;
  for (const auto& [key, item] : from.items()) entries.emplace(key, Value::string(item.get<std::string>()));
  return Value::map(std::move(entries), templates::Elements::Strings);
}

Value decode(const json& from) {
  if (from.is_array()) {
    std::vector<Value> items;
    for (const json& item : from) items.push_back(decode(item));
    return Value::list(std::move(items));
  }
  if (!from.is_object()) return Value::from_json(from).value();
  if (from.contains("$strings")) return strings(from["$strings"]);
  templates::Entries entries;
  for (const auto& [key, item] : from.items()) entries.emplace(key, decode(item));
  return Value::map(std::move(entries));
}

json fill(const json& asked) {
  const Result<templates::Template> parsed =
      templates::parse("prompt", *from_base64(asked["template"].get<std::string>()));
  if (!parsed) return {{"error", to_valid_utf8(parsed.error().message)}};
  const Result<std::string> output = templates::execute(*parsed, decode(asked["data"]));
  if (!output) return {{"error", to_valid_utf8(output.error().message)}};
  return {{"output", to_base64(*output)}};
}

json ticks(const json& asked) {
  const Result<cron::Schedule> parsed = cron::Schedule::parse(asked["schedule"].get<std::string>());
  if (!parsed) return {{"error", to_valid_utf8(parsed.error().message)}};
  json next = json::array();
  for (const json& after : asked["after"]) {
    const cron::Time time{std::chrono::seconds(after.get<std::int64_t>())};
    next.push_back(parsed->next(time).time_since_epoch().count());
  }
  return {{"next", next}};
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const json asked = json::parse(line);
    std::cout << (asked.contains("template") ? fill(asked) : ticks(asked)).dump() << '\n';
  }
}
