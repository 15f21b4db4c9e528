// axon completion: reads the parser's own tables.
#include <memory>

#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/files.hpp"

namespace axon::cli {
namespace {

/// CLI11 keeps the words of an IsMember check in its description only: "{a,b,c}".
std::vector<std::string> words_of(const std::string& type) {
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open);
  std::vector<std::string> words;
  if (open == std::string::npos || close == std::string::npos) return words;
  for (std::size_t at = open + 1; at < close;) {
    const std::size_t end = std::min(type.find(',', at), close);
    words.push_back(type.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

CompletionOption describe(const CLI::Option& option) {
  CompletionOption described;
  for (const std::string& name : option.get_snames()) described.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) described.names.push_back("--" + name);
  described.help = option.get_description();
  described.takes_value = option.get_items_expected_max() > 0;
  described.values = words_of(option.get_type_name());
  return described;
}

CompletionCommand describe(const CLI::App& app) {
  CompletionCommand command;
  command.name = app.get_name();
  command.help = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) {
      command.options.push_back(describe(*option));
      continue;
    }
    const std::string name = option->get_name(true);
    if (name == "kind") command.words = {"task", "tasks"};
    if (name == "shell") command.words = words_of(option->get_type_name());
    if (name == "name" || name == "names") command.takes_tasks = true;
  }
  return command;
}

}  // namespace

Command add_completion(CLI::App& program) {
  auto shell = std::make_shared<std::string>();
  CLI::App* app = program.add_subcommand("completion", "Print a completion script");
  app->footer(
      "Examples:\n  source <(axon completion bash)\n  source <(axon completion zsh)\n"
      "  axon completion fish > ~/.config/fish/completions/axon.fish");
  app->add_option("shell", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  return {app, [&program, shell]() -> Result<int> {
            std::vector<CompletionCommand> commands;
            for (const CLI::App* command : program.get_subcommands({})) commands.push_back(describe(*command));
            write_all(1, completion_script(*shell, commands));
            return 0;
          }};
}

}  // namespace axon::cli
