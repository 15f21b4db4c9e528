// One execution of a template: control structures in executor.cpp, pipelines in evaluate.cpp.
#pragma once

#include "controller/template/ast.hpp"
#include "controller/template/budget.hpp"
#include "controller/template/builtins.hpp"
#include "controller/template/writer.hpp"

namespace axon::templates {

class Executor {
 public:
  Executor(const Program& program, const Limits& limits);

  Result<std::string> run(const Value& data);

 private:
  enum class Flow { On, Break, Continue };
  struct Bound {
    std::string_view name;
    Value value;
  };

  // executor.cpp
  Result<Flow> walk(const Nodes& nodes, const Value& dot);
  Result<Flow> step(const Node& node, const Value& dot);
  Result<void> write(std::string_view text, Span span);
  Result<void> action(const Action& action, Span span, const Value& dot);
  Result<void> invoke(const Invocation& invocation, Span span, const Value& dot);
  Result<Flow> block(const Block& block, Span span, const Value& dot);
  Result<Flow> range(const Block& block, Span span, const Value& dot, const Value& over);
  Result<bool> iterate(const Block& block, Span span, const Value& over);
  Result<Flow> turn(const Block& block, const Value& index, const Value& element);

  // evaluate.cpp
  Result<Value> evaluate(const Pipeline& pipeline, const Value& dot);
  Result<Value> command(const Command& command, const Value& dot, const Value* piped);
  Result<Value> operand(const Operand& operand, const Value& dot, bool has_arguments);
  Result<Value> root(const Operand& operand, const Value& dot);
  Result<Value> argument(const Operand& operand, const Value& dot);
  Result<Value> field(const Value& of, const std::string& name, Span span) const;
  Result<Value> call(std::string_view name, const Command& command, const Value& dot, const Value* piped);
  Result<Value> choose(bool is_or, const Command& command, const Value& dot, const Value* piped);

  Bound* find(std::string_view name);
  Result<void> assign(const std::string& name, const Value& value, Span span);

  std::unexpected<Error> error_at(Span span, const std::string& message) const;
  Result<void> spend(std::size_t steps, Span span);
  Result<void> enter(Span span);  // one level deeper; `--depth_` leaves it

  const Program& program_;
  Budget budget_;
  Writer out_;
  std::vector<Bound> variables_;
  std::size_t frame_ = 0;  // where the current template's variables begin
  std::string_view template_name_;
  int depth_ = 0;
};

}  // namespace axon::templates
