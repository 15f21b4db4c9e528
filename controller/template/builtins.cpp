#include "controller/template/builtins.hpp"

#include <algorithm>

#include "controller/template/format.hpp"
#include "controller/template/quote.hpp"

namespace axon::templates {
namespace {

std::unexpected<Error> refuse(std::string message) { return fail(Errc::InvalidInput, std::move(message)); }

Result<std::size_t> index_of(const Value& value, std::size_t limit) {
  if (value.is_nil()) return refuse("cannot index slice/array with nil");
  const Integer* index = value.get<Integer>();
  if (!index) return refuse("cannot index slice/array with type " + std::string(value.type()));
  if (index->number < 0 || static_cast<std::uint64_t>(index->number) > limit) {
    return refuse("index out of range: " + std::to_string(index->number));
  }
  return static_cast<std::size_t>(index->number);
}

Result<Value> element(const Value& item, const Value& index) {
  if (item.is_nil()) return refuse("index of nil pointer");
  if (const Table* table = item.get<Table>()) {
    const Text* key = index.get<Text>();
    if (!key) return refuse("value has type " + std::string(index.type()) + "; should be string");
    const auto found = table->entries->find(key->view);
    if (found != table->entries->end()) return found->second;
    return table->elements == Elements::Strings ? Value::string("") : Value();
  }
  const Text* text = item.get<Text>();
  const Items* items = item.get<Items>();
  if (!text && !items) return refuse("can't index item of type " + std::string(item.type()));
  const std::size_t size = text ? text->view.size() : items->size;
  Result<std::size_t> i = index_of(index, size);
  if (!i) return std::unexpected(std::move(i).error());
  if (*i == size) return refuse("index out of range: " + std::to_string(*i));
  if (items) return (*items)[*i];
  return Integer{static_cast<unsigned char>(text->view[*i]), /*is_byte=*/true};
}

Result<Value> index(Arguments arguments, Budget& budget) {
  Value item = arguments[0];
  if (item.is_nil()) return refuse("index of untyped nil");
  for (const Value& index : arguments.subspan(1)) {
    if (Result<void> paid = budget.spend(1); !paid) return std::unexpected(std::move(paid).error());
    Result<Value> next = element(item, index);
    if (!next) return next;
    item = *std::move(next);
  }
  return item;
}

Result<Value> slice(Arguments arguments, Budget&) {
  const Value& item = arguments[0];
  const Text* text = item.get<Text>();
  const Items* items = item.get<Items>();
  if (item.is_nil()) return refuse("slice of untyped nil");
  if (!text && !items) return refuse("can't slice item of type " + std::string(item.type()));
  const Arguments indexes = arguments.subspan(1);
  if (indexes.size() > 3) return refuse("too many slice indexes: " + std::to_string(indexes.size()));
  if (text && indexes.size() == 3) return refuse("cannot 3-index slice a string");
  const std::size_t capacity = text ? text->view.size() : items->capacity;
  std::size_t bounds[3] = {0, text ? capacity : items->size, capacity};
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    Result<std::size_t> bound = index_of(indexes[i], capacity);
    if (!bound) return std::unexpected(std::move(bound).error());
    bounds[i] = *bound;
  }
  for (const int i : {0, 1}) {
    if (bounds[i] <= bounds[i + 1]) continue;
    return refuse("invalid slice index: " + std::to_string(bounds[i]) + " > " + std::to_string(bounds[i + 1]));
  }
  const std::size_t size = bounds[1] - bounds[0];
  if (text) return Text{text->owner, text->view.substr(bounds[0], size)};
  return Items{items->owner, items->begin + bounds[0], size, bounds[2] - bounds[0], items->elements};
}

Result<Value> length(Arguments arguments, Budget&) {
  const Value& item = arguments[0];
  const auto number = [](std::size_t size) { return Value::integer(static_cast<std::int64_t>(size)); };
  if (const Text* text = item.get<Text>()) return number(text->view.size());
  if (const Items* items = item.get<Items>()) return number(items->size);
  if (const Table* table = item.get<Table>()) return number(table->entries->size());
  return refuse(item.is_nil() ? "len of nil pointer" : "len of type " + std::string(item.type()));
}

Result<Value> negate(Arguments arguments, Budget&) { return Value(!arguments[0].truth()); }

Result<Value> call(Arguments arguments, Budget&) {
  if (arguments[0].is_nil()) return refuse("call of nil");
  return refuse("non-function of type " + std::string(arguments[0].type()));
}

Result<Value> make_print(Arguments arguments, Budget& budget) {
  Writer out(budget.limits().output_bytes);
  print(out, arguments);
  return made_string(std::move(out), budget);
}

Result<Value> make_println(Arguments arguments, Budget& budget) {
  Writer out(budget.limits().output_bytes);
  println(out, arguments);
  return made_string(std::move(out), budget);
}

Result<Value> make_printf(Arguments arguments, Budget& budget) {
  const Text* format = arguments[0].get<Text>();
  if (!format) return refuse("wrong type for value; expected string; got " + std::string(arguments[0].type()));
  // A verb can cost much and print little.
  if (Result<void> paid = budget.spend(format->view.size() / 8); !paid) return std::unexpected(std::move(paid).error());
  Writer out(budget.limits().output_bytes);
  printf(out, format->view, arguments.subspan(1));
  return made_string(std::move(out), budget);
}

constexpr Builtin kBuiltins[] = {
    {"and", 1},
    {"call", 1, kAnyNumber, call},
    {"eq", 1, kAnyNumber, equal},
    {"ge", 2, 2, greater_or_equal},
    {"gt", 2, 2, greater},
    {"html", 0, kAnyNumber, html},
    {"index", 1, kAnyNumber, index},
    {"js", 0, kAnyNumber, js},
    {"le", 2, 2, less_or_equal},
    {"len", 1, 1, length},
    {"lt", 2, 2, less},
    {"ne", 2, 2, not_equal},
    {"not", 1, 1, negate},
    {"or", 1},
    {"print", 0, kAnyNumber, make_print},
    {"printf", 1, kAnyNumber, make_printf},
    {"println", 0, kAnyNumber, make_println},
    {"slice", 1, kAnyNumber, slice},
    {"urlquery", 0, kAnyNumber, url_query},
};

}  // namespace

const Builtin* find_builtin(std::string_view name) {
  const auto* found = std::ranges::find(kBuiltins, name, &Builtin::name);
  return found == std::end(kBuiltins) ? nullptr : found;
}

Result<Value> made_string(Writer&& out, Budget& budget) {
  if (out.is_full()) {
    return refuse("a string of more than " + std::to_string(budget.limits().output_bytes) + " bytes");
  }
  if (Result<void> paid = budget.spend_bytes(out.text().size()); !paid) return std::unexpected(std::move(paid).error());
  return Value::string(std::move(out).take());
}

}  // namespace axon::templates
