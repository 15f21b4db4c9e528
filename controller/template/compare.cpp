#include <algorithm>
#include <optional>

#include "controller/template/builtins.hpp"

namespace axon::templates {
namespace {

/// The kinds that are told apart; a byte is not an int, but the two compare.
enum class Basic { None, Bool, Integer, Float, String };

Basic basic(const Value& value) {
  if (value.get<bool>()) return Basic::Bool;
  if (value.get<Integer>()) return Basic::Integer;
  if (value.get<double>()) return Basic::Float;
  if (value.get<Text>()) return Basic::String;
  return Basic::None;
}

std::unexpected<Error> incompatible(const Value& a, const Value& b) {
  return fail(Errc::InvalidInput,
              "incompatible types for comparison: " + std::string(a.type()) + " and " + std::string(b.type()));
}

std::unexpected<Error> bad_type() { return fail(Errc::InvalidInput, "invalid type for comparison"); }

Result<void> pay(const Value& a, const Value& b, Budget& budget) {
  const Text* left = a.get<Text>();
  const Text* right = b.get<Text>();
  return left && right ? budget.spend_bytes(std::min(left->view.size(), right->view.size())) : Result<void>();
}

Result<bool> are_equal(const Value& a, const Value& b) {
  const Basic kind = basic(a);
  if (kind != basic(b)) {
    if (!a.is_nil() && !b.is_nil()) return incompatible(a, b);
    return false;
  }
  switch (kind) {
    case Basic::Bool:
      return *a.get<bool>() == *b.get<bool>();
    case Basic::Integer:
      return a.get<Integer>()->number == b.get<Integer>()->number;
    case Basic::Float:
      return *a.get<double>() == *b.get<double>();
    case Basic::String:
      return a.get<Text>()->view == b.get<Text>()->view;
    case Basic::None:
      break;
  }
  // Lists and maps compare with nil only.
  if (a.is_nil() || b.is_nil()) return a.is_nil() == b.is_nil();
  return fail(Errc::InvalidInput, "non-comparable types " + std::string(a.type()) + " and " + std::string(b.type()));
}

Result<bool> is_less(Arguments arguments, Budget& budget) {
  const Value& a = arguments[0];
  const Value& b = arguments[1];
  const Basic kind = basic(a);
  if (kind == Basic::None || basic(b) == Basic::None) return bad_type();
  if (kind != basic(b)) return incompatible(a, b);
  if (Result<void> paid = pay(a, b, budget); !paid) return std::unexpected(std::move(paid).error());
  if (kind == Basic::Integer) return a.get<Integer>()->number < b.get<Integer>()->number;
  if (kind == Basic::Float) return *a.get<double>() < *b.get<double>();
  if (kind == Basic::String) return a.get<Text>()->view < b.get<Text>()->view;
  return bad_type();
}

Result<bool> is_equal(Arguments arguments, Budget& budget) {
  if (arguments.size() == 1) return fail(Errc::InvalidInput, "missing argument for comparison");
  for (const Value& other : arguments.subspan(1)) {
    if (Result<void> paid = pay(arguments[0], other, budget); !paid) return std::unexpected(std::move(paid).error());
    Result<bool> same = are_equal(arguments[0], other);
    if (!same || *same) return same;
  }
  return false;
}

Result<bool> is_less_or_equal(Arguments arguments, Budget& budget) {
  Result<bool> less = is_less(arguments, budget);
  return !less || *less ? less : is_equal(arguments, budget);
}

Result<Value> answer(const Result<bool>& truth, bool negated) {
  if (!truth) return std::unexpected(truth.error());
  return Value(*truth != negated);
}

}  // namespace

Result<Value> equal(Arguments arguments, Budget& budget) { return answer(is_equal(arguments, budget), false); }
Result<Value> not_equal(Arguments arguments, Budget& budget) { return answer(is_equal(arguments, budget), true); }
Result<Value> less(Arguments arguments, Budget& budget) { return answer(is_less(arguments, budget), false); }
Result<Value> less_or_equal(Arguments arguments, Budget& budget) {
  return answer(is_less_or_equal(arguments, budget), false);
}
// The negations of the two above, NaN included, as in Go.
Result<Value> greater(Arguments arguments, Budget& budget) { return answer(is_less_or_equal(arguments, budget), true); }
Result<Value> greater_or_equal(Arguments arguments, Budget& budget) { return answer(is_less(arguments, budget), true); }

}  // namespace axon::templates
