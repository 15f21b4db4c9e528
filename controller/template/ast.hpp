// A template as a tree. Offsets point into the template's text, for messages.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "controller/template/value.hpp"

namespace axon::templates {

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Pipeline;
struct Operand;

struct Dot {};
struct Nil {};
struct Literal {
  Value value;
};
/// An integer that fits no int64: an error when it is reached, as in Go.
struct Overflow {};
struct Variable {
  std::string name;  // with its "$"
};
struct Function {
  std::string name;
};

struct Operand {
  Span span;
  std::variant<Dot, Nil, Literal, Overflow, Variable, Function, std::unique_ptr<Pipeline>> what;
  std::vector<std::string> fields;  // .A.B behind it; of a Dot, the field's own chain
};

struct Command {
  Span span;
  std::vector<Operand> operands;  // not empty
};

struct Pipeline {
  Span span;
  bool assigns = false;  // "=" rather than ":="
  std::vector<std::string> variables;
  std::vector<Command> commands;  // not empty
};

struct Node;
using Nodes = std::vector<Node>;

struct Plain {
  std::string text;
};
struct Action {
  Pipeline pipeline;
};
struct Break {};
struct Continue {};
struct Invocation {
  std::string name;
  std::optional<Pipeline> pipeline;
};
struct Block {
  enum class Kind { If, With, Range } kind = Kind::If;
  Pipeline pipeline;
  Nodes body;
  Nodes otherwise;
};

struct Node {
  Span span;
  std::variant<Plain, Action, Break, Continue, Invocation, std::unique_ptr<Block>> what;
};

struct Program {
  std::string name;
  std::string text;
  std::map<std::string, Nodes, std::less<>> templates;  // the main one by `name`
};

/// "NAME:LINE:COLUMN" of an offset, both from 1.
std::string position(std::string_view name, std::string_view text, std::size_t at);

}  // namespace axon::templates
