#include "controller/template/value.hpp"

#include <nlohmann/json.hpp>

namespace axon::templates {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 100;

Result<Value> convert(const json& from, int depth) {
  if (depth > kMaxDepth) return fail(Errc::InvalidInput, "template data: nested deeper than 100 levels");
  switch (from.type()) {
    case json::value_t::boolean:
      return Value(from.get<bool>());
    case json::value_t::number_integer:
      return Value::integer(from.get<std::int64_t>());
    case json::value_t::number_unsigned: {
      const auto number = from.get<std::uint64_t>();
      if (number > std::uint64_t(INT64_MAX)) return Value(static_cast<double>(number));
      return Value::integer(static_cast<std::int64_t>(number));
    }
    case json::value_t::number_float:
      return Value(from.get<double>());
    case json::value_t::string:
      return Value::string(from.get<std::string>());
    case json::value_t::array: {
      std::vector<Value> items;
      for (const json& item : from) {
        Result<Value> value = convert(item, depth + 1);
        if (!value) return value;
        items.push_back(*std::move(value));
      }
      return Value::list(std::move(items));
    }
    case json::value_t::object: {
      Entries entries;
      for (const auto& [key, item] : from.items()) {
        Result<Value> value = convert(item, depth + 1);
        if (!value) return value;
        entries.emplace(key, *std::move(value));
      }
      return Value::map(std::move(entries));
    }
    default:
      return Value();
  }
}

struct Truth {
  bool operator()(std::monostate) const { return false; }
  bool operator()(bool truth) const { return truth; }
  bool operator()(Integer integer) const { return integer.number != 0; }
  bool operator()(double number) const { return number != 0; }
  bool operator()(const Text& text) const { return !text.view.empty(); }
  bool operator()(const Items& items) const { return items.size > 0; }
  bool operator()(const Table& table) const { return !table.entries->empty(); }
};

struct TypeName {
  std::string_view operator()(std::monostate) const { return "<nil>"; }
  std::string_view operator()(bool) const { return "bool"; }
  std::string_view operator()(Integer integer) const { return integer.is_byte ? "uint8" : "int"; }
  std::string_view operator()(double) const { return "float64"; }
  std::string_view operator()(const Text&) const { return "string"; }
  std::string_view operator()(const Items& items) const {
    return items.elements == Elements::Strings ? "[]string" : "[]interface {}";
  }
  std::string_view operator()(const Table& table) const {
    return table.elements == Elements::Strings ? "map[string]string" : "map[string]interface {}";
  }
};

}  // namespace

Value Value::string(std::string text) {
  auto owner = std::make_shared<const std::string>(std::move(text));
  const std::string_view view = *owner;
  return Text{std::move(owner), view};
}

Value Value::list(std::vector<Value> items, Elements elements) {
  const std::size_t size = items.size();
  return Items{std::make_shared<const std::vector<Value>>(std::move(items)), 0, size, size, elements};
}

Value Value::map(Entries entries, Elements elements) {
  return Table{std::make_shared<const Entries>(std::move(entries)), elements};
}

Result<Value> Value::from_json(const json& json) { return convert(json, 0); }

bool Value::truth() const { return std::visit(Truth{}, data_); }

std::string_view Value::type() const { return std::visit(TypeName{}, data_); }

}  // namespace axon::templates
