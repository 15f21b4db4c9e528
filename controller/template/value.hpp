// What a template works on: an immutable value of one of the kinds that prompts need. Copies are cheap, for strings,
// lists and maps are shared, and a slice of one is a view.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.hpp"

namespace axon::templates {

class Value;

/// Go's []interface{} and map[string]interface{} against its []string and map[string]string: only the second kind of
/// map answers `index` with "" for a key that it has not.
enum class Elements { Any, Strings };

/// A number that came from indexing a string is Go's uint8, which prints like an int but says another type.
struct Integer {
  std::int64_t number = 0;
  bool is_byte = false;
};

struct Text {
  std::shared_ptr<const std::string> owner;
  std::string_view view;
};

/// Items [begin, begin + size) of the vector; like a Go slice it may grow again up to `begin + capacity`.
struct Items {
  std::shared_ptr<const std::vector<Value>> owner;
  std::size_t begin = 0;
  std::size_t size = 0;
  std::size_t capacity = 0;
  Elements elements = Elements::Any;

  const Value& operator[](std::size_t i) const;
};

using Entries = std::map<std::string, Value, std::less<>>;

struct Table {
  std::shared_ptr<const Entries> entries;
  Elements elements = Elements::Any;
};

class Value {
 public:
  Value() = default;  // nil
  Value(bool truth) : data_(truth) {}
  Value(Integer integer) : data_(integer) {}
  Value(double number) : data_(number) {}
  Value(Text text) : data_(std::move(text)) {}
  Value(Items items) : data_(std::move(items)) {}
  Value(Table table) : data_(std::move(table)) {}
  Value(const void*) = delete;  // a literal would become a bool

  static Value integer(std::int64_t number) { return Integer{number, false}; }
  static Value string(std::string text);
  static Value list(std::vector<Value> items, Elements elements = Elements::Any);
  static Value map(Entries entries, Elements elements = Elements::Any);

  /// InvalidInput if it is nested deeper than 100 levels. An integer beyond 64 bits becomes a double.
  static Result<Value> from_json(const nlohmann::json& json);

  bool is_nil() const { return std::holds_alternative<std::monostate>(data_); }
  template <class T>
  const T* get() const {
    return std::get_if<T>(&data_);
  }

  /// What `if` asks: false for nil, false, 0 and whatever is empty.
  bool truth() const;

  /// Go's name of the type, for messages and %T: "string", "map[string]interface {}".
  std::string_view type() const;

 private:
  std::variant<std::monostate, bool, Integer, double, Text, Items, Table> data_;
};

inline const Value& Items::operator[](std::size_t i) const { return (*owner)[begin + i]; }

}  // namespace axon::templates
