#include <algorithm>
#include <vector>

#include "adapters/adapter.hpp"
#include "adapters/claude/claude.hpp"
#include "adapters/codex/codex.hpp"
#include "adapters/gemini/gemini.hpp"
#include "adapters/opencode/opencode.hpp"

namespace axon {
namespace {

const std::vector<Adapter>& table() {
  static const std::vector<Adapter> adapters = {
      {.name = std::string(claude::kName),
       .plan = claude::plan,
       .make_parser = claude::make_parser,
       .recover = claude::recover,
       .credential_variables = {"ANTHROPIC_AUTH_TOKEN"},
       .stop_signal = claude::kStopSignal},
      {.name = std::string(codex::kName),
       .plan = codex::plan,
       .make_parser = codex::make_parser,
       .recover = codex::recover,
       .explain_exit = codex::explain_exit,
       .credential_variables = {},
       .stop_signal = codex::kStopSignal},
      {.name = std::string(gemini::kName),
       .plan = gemini::plan,
       .make_parser = gemini::make_parser,
       .recover = gemini::recover,
       .explain_exit = gemini::explain_exit,
       .credential_variables = {},
       .stop_signal = gemini::kStopSignal,
       .hides_git_settings = true},
      {.name = std::string(opencode::kName),
       .plan = opencode::plan,
       .make_parser = opencode::make_parser,
       .recover = opencode::recover,
       .explain_exit = opencode::explain_exit,
       .companions =
           {{"rg", "rg is not in PATH; opencode finds no files and no skills without it. Add ripgrep to the image"}},
       .stop_signal = SIGTERM},
  };
  return adapters;
}

}  // namespace

std::span<const Adapter> builtin_adapters() { return table(); }

const Adapter* find_builtin_adapter(std::string_view type) {
  const auto found = std::ranges::find(table(), type, &Adapter::name);
  return found == table().end() ? nullptr : &*found;
}

}  // namespace axon
