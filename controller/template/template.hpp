// The language of Go's text/template, for prompts and branch names: text with actions between {{ and }}. Written to
// behave as Go's own with the option missingkey=error; docs/reference of Go's package describe it. What is missing is
// what values of ours cannot be: complex numbers, structs, methods and functions.
//
// A template comes from outside. Parsing and executing end in bounded time and memory whatever it says; what goes over
// a limit is an error like any other.
#pragma once

#include <memory>

#include "controller/template/value.hpp"
#include "core/result.hpp"

namespace axon::templates {

struct Program;

struct Limits {
  std::size_t output_bytes = 1 << 20;  // also of a string that a function makes
  std::size_t steps = 1'000'000;  // commands, iterations and texts; 64 bytes of a string that is made cost one more
  int depth = 250;                // templates, blocks and parentheses inside one another
};

/// A parsed template with all that it defines. Immutable, so that copies share and threads may execute it together.
class Template {
 public:
  explicit Template(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  const Program& program() const { return *program_; }

 private:
  std::shared_ptr<const Program> program_;
};

/// The name stands in messages: "template: prompt:1:3: …", with line and column from 1. A text over 1 MiB is refused.
Result<Template> parse(std::string name, std::string text);

/// The message of an error says where, in which action, and why:
/// `template: prompt:1:8: executing "prompt" at <.Deps.a>: map has no entry for key "a"; it has "b"`.
Result<std::string> execute(const Template& parsed, const Value& data, const Limits& limits = {});

}  // namespace axon::templates
