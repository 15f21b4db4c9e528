#include "controller/template/executor.hpp"

#include "controller/template/format.hpp"
#include "controller/template/quote.hpp"

namespace axon::templates {

Executor::Executor(const Program& program, const Limits& limits)
    : program_(program), budget_(limits), out_(limits.output_bytes), template_name_(program.name) {}

Result<std::string> Executor::run(const Value& data) {
  variables_.push_back({"$", data});
  Result<Flow> done = walk(program_.templates.at(program_.name), data);
  if (!done) return std::unexpected(std::move(done).error());
  return std::move(out_).take();
}

std::unexpected<Error> Executor::error_at(Span span, const std::string& message) const {
  constexpr std::size_t kShown = 60;
  std::string where = program_.text.substr(span.begin, std::min(span.end - span.begin, kShown));
  if (span.end - span.begin > kShown) where += "...";
  return fail(Errc::InvalidInput, "template: " + position(program_.name, program_.text, span.begin) + ": executing " +
                                      quote_string(template_name_) + " at <" + where + ">: " + message);
}

Result<void> Executor::spend(std::size_t steps, Span span) {
  Result<void> paid = budget_.spend(steps);
  if (!paid) return error_at(span, paid.error().message);
  return {};
}

Result<void> Executor::enter(Span span) {
  const int limit = budget_.limits().depth;
  if (++depth_ > limit) return error_at(span, "nested deeper than " + std::to_string(limit) + " levels");
  return {};
}

Result<Executor::Flow> Executor::walk(const Nodes& nodes, const Value& dot) {
  for (const Node& node : nodes) {
    if (Result<void> paid = spend(1, node.span); !paid) return std::unexpected(std::move(paid).error());
    Result<Flow> flow = step(node, dot);
    if (!flow || *flow != Flow::On) return flow;
  }
  return Flow::On;
}

Result<Executor::Flow> Executor::step(const Node& node, const Value& dot) {
  Result<void> done;
  if (const auto* inner = std::get_if<std::unique_ptr<Block>>(&node.what)) return block(**inner, node.span, dot);
  if (std::holds_alternative<Break>(node.what)) return Flow::Break;
  if (std::holds_alternative<Continue>(node.what)) return Flow::Continue;
  if (const Plain* plain = std::get_if<Plain>(&node.what)) done = write(plain->text, node.span);
  if (const Action* inner = std::get_if<Action>(&node.what)) done = action(*inner, node.span, dot);
  if (const Invocation* inner = std::get_if<Invocation>(&node.what)) done = invoke(*inner, node.span, dot);
  if (!done) return std::unexpected(std::move(done).error());
  return Flow::On;
}

Result<void> Executor::write(std::string_view text, Span span) {
  out_.put(text);
  if (!out_.is_full()) return {};
  return error_at(span, "the output is larger than " + std::to_string(budget_.limits().output_bytes) + " bytes");
}

Result<void> Executor::action(const Action& action, Span span, const Value& dot) {
  Result<Value> value = evaluate(action.pipeline, dot);
  if (!value) return std::unexpected(std::move(value).error());
  if (!action.pipeline.variables.empty()) return {};
  if (value->is_nil()) return write("<no value>", span);
  print_value(out_, *value);
  return write("", span);
}

Result<void> Executor::invoke(const Invocation& invocation, Span span, const Value& dot) {
  const auto found = program_.templates.find(invocation.name);
  if (found == program_.templates.end()) {
    return error_at(span, "template " + quote_string(invocation.name) + " not defined");
  }
  if (Result<void> entered = enter(span); !entered) return entered;
  Result<Value> data = invocation.pipeline ? evaluate(*invocation.pipeline, dot) : Value();
  if (!data) return std::unexpected(std::move(data).error());
  const std::size_t frame = std::exchange(frame_, variables_.size());
  const std::string_view name = std::exchange(template_name_, found->first);
  variables_.push_back({"$", *data});
  Result<Flow> done = walk(found->second, *data);
  if (!done) return std::unexpected(std::move(done).error());
  variables_.resize(frame_);
  frame_ = frame;
  template_name_ = name;
  --depth_;
  return {};
}

Result<Executor::Flow> Executor::block(const Block& block, Span span, const Value& dot) {
  if (Result<void> entered = enter(span); !entered) return std::unexpected(std::move(entered).error());
  const std::size_t mark = variables_.size();
  Result<Value> value = evaluate(block.pipeline, dot);
  if (!value) return std::unexpected(std::move(value).error());
  Result<Flow> flow = Flow::On;
  if (block.kind == Block::Kind::Range) {
    flow = range(block, span, dot, *value);
  } else if (value->truth()) {
    flow = walk(block.body, block.kind == Block::Kind::With ? *value : dot);
  } else {
    flow = walk(block.otherwise, dot);
  }
  variables_.resize(mark);
  --depth_;
  return flow;
}

Result<Executor::Flow> Executor::range(const Block& block, Span span, const Value& dot, const Value& over) {
  Result<bool> ran = iterate(block, span, over);
  if (!ran) return std::unexpected(std::move(ran).error());
  if (*ran) return Flow::On;
  // A break in the else part is this range's, although its iterations are over; a continue is the outer one's. As in
  // Go.
  Result<Flow> flow = walk(block.otherwise, dot);
  return flow && *flow == Flow::Break ? Flow::On : flow;
}

/// False if there is nothing to iterate over.
Result<bool> Executor::iterate(const Block& block, Span span, const Value& over) {
  bool ran = false;
  const auto goes_on = [&](const Value& index, const Value& element) -> Result<bool> {
    ran = true;
    if (Result<void> paid = spend(1, span); !paid) return std::unexpected(std::move(paid).error());
    Result<Flow> flow = turn(block, index, element);
    if (!flow) return std::unexpected(std::move(flow).error());
    return *flow != Flow::Break;
  };
  Result<bool> more = true;
  if (const Integer* count = over.get<Integer>()) {
    if (block.pipeline.variables.size() > 1) {
      return error_at(span, "can't use " + std::to_string(count->number) + " to iterate over more than one variable");
    }
    for (std::int64_t i = 0; i < count->number && more && *more; ++i) {
      more = goes_on(Value(), Integer{i, count->is_byte});
    }
  } else if (const Items* items = over.get<Items>()) {
    for (std::size_t i = 0; i < items->size && more && *more; ++i) {
      more = goes_on(Value::integer(static_cast<std::int64_t>(i)), (*items)[i]);
    }
  } else if (const Table* table = over.get<Table>()) {
    for (auto entry = table->entries->begin(); entry != table->entries->end() && more && *more; ++entry) {
      more = goes_on(Value::string(entry->first), entry->second);
    }
  } else if (!over.is_nil()) {
    return error_at(span, "range can't iterate over a " + std::string(over.type()));
  }
  if (!more) return more;
  return ran;
}

Result<Executor::Flow> Executor::turn(const Block& block, const Value& index, const Value& element) {
  const auto& names = block.pipeline.variables;
  const std::size_t mark = variables_.size();
  const bool has_index = names.size() > 1;
  if (!names.empty() && block.pipeline.assigns) {
    Result<void> done = assign(names[0], has_index ? index : element, block.pipeline.span);
    if (done && has_index) done = assign(names[1], element, block.pipeline.span);
    if (!done) return std::unexpected(std::move(done).error());
  } else if (!names.empty()) {
    // The pipeline has put its variables on top.
    variables_[mark - 1].value = element;
    if (has_index) variables_[mark - 2].value = index;
  }
  Result<Flow> flow = walk(block.body, element);
  variables_.resize(mark);
  return flow;
}

}  // namespace axon::templates
