// The functions that every template has. Messages lack the place and the function's name, which the caller knows.
#pragma once

#include <span>

#include "controller/template/budget.hpp"
#include "controller/template/value.hpp"

namespace axon::templates {

using Arguments = std::span<const Value>;

constexpr std::size_t kAnyNumber = SIZE_MAX;

struct Builtin {
  std::string_view name;
  std::size_t least = 0;
  std::size_t most = kAnyNumber;
  Result<Value> (*call)(Arguments, Budget&) = nullptr;  // null for `and` and `or`, which do not evaluate all of theirs
};

/// Null if there is no such function.
const Builtin* find_builtin(std::string_view name);
inline bool is_function(std::string_view name) { return find_builtin(name) != nullptr; }

// compare.cpp
Result<Value> equal(Arguments, Budget&);
Result<Value> not_equal(Arguments, Budget&);
Result<Value> less(Arguments, Budget&);
Result<Value> less_or_equal(Arguments, Budget&);
Result<Value> greater(Arguments, Budget&);
Result<Value> greater_or_equal(Arguments, Budget&);

// escape.cpp
Result<Value> html(Arguments, Budget&);
Result<Value> js(Arguments, Budget&);
Result<Value> url_query(Arguments, Budget&);

/// What a function wrote, as a value that is paid for.
Result<Value> made_string(class Writer&& out, Budget& budget);

}  // namespace axon::templates
