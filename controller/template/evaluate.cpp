#include "controller/template/executor.hpp"
#include "controller/template/quote.hpp"

namespace axon::templates {
namespace {

/// "; it has "a", "b"", the first few keys of a map, for who mistyped one.
std::string known_keys(const Entries& entries) {
  if (entries.empty()) return "; it is empty";
  constexpr std::size_t kShown = 10;
  std::string text = "; it has ";
  std::size_t count = 0;
  for (const auto& [key, value] : entries) {
    if (count == kShown) return text + " and " + std::to_string(entries.size() - kShown) + " more";
    constexpr std::size_t kKeyShown = 64;
    text += (count++ == 0 ? "" : ", ") + quote_string(std::string_view(key).substr(0, kKeyShown));
  }
  return text;
}

}  // namespace

Executor::Bound* Executor::find(std::string_view name) {
  for (std::size_t i = variables_.size(); i > frame_; --i) {
    if (variables_[i - 1].name == name) return &variables_[i - 1];
  }
  return nullptr;
}

Result<void> Executor::assign(const std::string& name, const Value& value, Span span) {
  Bound* bound = find(name);
  if (!bound) return error_at(span, "undefined variable: " + name);
  bound->value = value;
  return {};
}

Result<Value> Executor::evaluate(const Pipeline& pipeline, const Value& dot) {
  if (Result<void> entered = enter(pipeline.span); !entered) return std::unexpected(std::move(entered).error());
  Result<Value> value;
  bool is_first = true;
  for (const Command& stage : pipeline.commands) {
    if (Result<void> paid = spend(1, stage.span); !paid) return std::unexpected(std::move(paid).error());
    value = command(stage, dot, is_first ? nullptr : &*value);
    if (!value) return value;
    is_first = false;
  }
  for (const std::string& name : pipeline.variables) {
    if (!pipeline.assigns) {
      variables_.push_back({name, *value});
    } else if (Result<void> done = assign(name, *value, pipeline.span); !done) {
      return std::unexpected(std::move(done).error());
    }
  }
  --depth_;
  return value;
}

Result<Value> Executor::command(const Command& command, const Value& dot, const Value* piped) {
  const Operand& first = command.operands.front();
  const Function* function = std::get_if<Function>(&first.what);
  if (function && first.fields.empty()) return call(function->name, command, dot, piped);
  if (std::holds_alternative<Nil>(first.what)) return error_at(first.span, "nil is not a command");
  const bool has_arguments = command.operands.size() > 1 || piped;
  if (has_arguments && first.fields.empty()) {
    const std::string name = program_.text.substr(first.span.begin, first.span.end - first.span.begin);
    return error_at(first.span, "can't give argument to non-function " + name);
  }
  return operand(first, dot, has_arguments);
}

Result<Value> Executor::operand(const Operand& operand, const Value& dot, bool has_arguments) {
  Result<Value> value = root(operand, dot);
  for (const std::string& name : operand.fields) {
    if (!value) return value;
    value = field(*value, name, operand.span);
  }
  if (value && has_arguments) {
    return error_at(operand.span, operand.fields.back() + " is not a method but has arguments");
  }
  return value;
}

/// An operand without its fields.
Result<Value> Executor::root(const Operand& operand, const Value& dot) {
  if (std::holds_alternative<Dot>(operand.what)) return dot;
  if (const Literal* literal = std::get_if<Literal>(&operand.what)) return literal->value;
  if (const Variable* variable = std::get_if<Variable>(&operand.what)) {
    const Bound* bound = find(variable->name);
    if (!bound) return error_at(operand.span, "undefined variable: " + variable->name);
    return bound->value;
  }
  if (const auto* inner = std::get_if<std::unique_ptr<Pipeline>>(&operand.what)) return evaluate(**inner, dot);
  if (const Function* function = std::get_if<Function>(&operand.what)) {
    Command alone;
    alone.span = operand.span;
    alone.operands.emplace_back().span = operand.span;
    return call(function->name, alone, dot, nullptr);
  }
  if (std::holds_alternative<Overflow>(operand.what)) {
    return error_at(operand.span, "the number overflows int");
  }
  return Value();
}

Result<Value> Executor::argument(const Operand& operand, const Value& dot) {
  if (Result<void> paid = spend(1, operand.span); !paid) return std::unexpected(std::move(paid).error());
  return this->operand(operand, dot, false);
}

Result<Value> Executor::field(const Value& of, const std::string& name, Span span) const {
  if (of.is_nil()) return error_at(span, "nil data; no entry for key " + quote_string(name));
  const Table* table = of.get<Table>();
  if (!table) return error_at(span, "can't evaluate field " + name + " in type " + std::string(of.type()));
  const auto found = table->entries->find(name);
  if (found != table->entries->end()) return found->second;
  return error_at(span, "map has no entry for key " + quote_string(name) + known_keys(*table->entries));
}

Result<Value> Executor::call(std::string_view name, const Command& command, const Value& dot, const Value* piped) {
  const Builtin* builtin = find_builtin(name);
  const std::size_t given = command.operands.size() - 1 + (piped ? 1 : 0);
  if (given < builtin->least || given > builtin->most) {
    const std::string wanted = (builtin->most == kAnyNumber ? "at least " : "") + std::to_string(builtin->least);
    return error_at(command.span, "wrong number of args for " + std::string(name) + ": want " + wanted + " got " +
                                      std::to_string(given));
  }
  if (!builtin->call) return choose(name == "or", command, dot, piped);
  std::vector<Value> arguments;
  for (std::size_t i = 1; i < command.operands.size(); ++i) {
    Result<Value> value = argument(command.operands[i], dot);
    if (!value) return value;
    arguments.push_back(*std::move(value));
  }
  if (piped) arguments.push_back(*piped);
  Result<Value> result = builtin->call(arguments, budget_);
  if (!result) {
    return error_at(command.span, "error calling " + std::string(name) + ": " + result.error().message);
  }
  return result;
}

/// `and` and `or`: the first operand that decides, or the last one; the others are not evaluated.
Result<Value> Executor::choose(bool is_or, const Command& command, const Value& dot, const Value* piped) {
  Result<Value> value;
  for (std::size_t i = 1; i < command.operands.size(); ++i) {
    value = argument(command.operands[i], dot);
    if (!value || value->truth() == is_or) return value;
  }
  return piped ? *piped : value;
}

}  // namespace axon::templates
