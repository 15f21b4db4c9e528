#include "controller/template/template.hpp"

#include "controller/template/executor.hpp"
#include "controller/template/parser.hpp"

namespace axon::templates {

Result<Template> parse(std::string name, std::string text) {
  constexpr std::size_t kMaxText = 1 << 20;
  if (text.size() > kMaxText) {
    return fail(Errc::InvalidInput, "template: " + name + ": " + std::to_string(text.size()) +
                                        " bytes long; expected at most " + std::to_string(kMaxText));
  }
  auto program = std::make_shared<Program>(Program{std::move(name), std::move(text), {}});
  if (Result<void> parsed = Parser(*program).run(); !parsed) return std::unexpected(std::move(parsed).error());
  return Template(std::move(program));
}

Result<std::string> execute(const Template& parsed, const Value& data, const Limits& limits) {
  return Executor(parsed.program(), limits).run(data);
}

}  // namespace axon::templates
