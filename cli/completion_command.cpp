// axon completion: reads the parser's own tables.
#include <map>
#include <memory>

#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/files.hpp"
#include "cli/kinds.hpp"

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

/// Whose names an option takes.
std::string live_of(const CLI::Option& option) {
  static const std::map<std::string, std::string> kLive = {{"workspace", "workspace"}, {"agent-config", "agentconfig"},
                                                           {"depends-on", "task"},     {"namespace", "namespace"},
                                                           {"context", "context"},     {"secret", "secret"}};
  for (const std::string& name : option.get_lnames()) {
    if (const auto found = kLive.find(name); found != kLive.end()) return found->second;
  }
  return {};
}

std::vector<std::string> kind_words(const std::string& command) {
  if (command == "suspend" || command == "resume") return {"taskspawner"};
  std::vector<std::string> words;
  for (const Kind* kind : all_kinds()) {
    words.push_back(kind->singular);
    words.push_back(kind->resource.plural);
    if (!kind->short_name.empty()) words.push_back(kind->short_name);
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
  described.live = live_of(option);
  return described;
}

CompletionCommand describe(const CLI::App& app, const std::string& name) {
  CompletionCommand command;
  command.name = name;
  command.help = app.get_description();
  bool has_kind = false;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) {
      command.options.push_back(describe(*option));
      continue;
    }
    const std::string what = option->get_name(true);
    if (what == "kind") command.words = kind_words(name);
    if (what == "shell") command.words = words_of(option->get_type_name());
    has_kind = has_kind || what == "kind";
    if (what == "names") command.live = has_kind ? "@kind" : "task";
    if (what == "name" && name == "logs") command.live = "task";
  }
  return command;
}

/// The hidden ones are in the group without a name.
std::vector<CompletionCommand> describe_all(const CLI::App& program) {
  std::vector<CompletionCommand> commands;
  for (const CLI::App* app : program.get_subcommands([](const CLI::App*) { return true; })) {
    if (app->get_group().empty()) continue;
    const auto below = app->get_subcommands([](const CLI::App*) { return true; });
    if (below.empty()) commands.push_back(describe(*app, app->get_name()));
    for (const CLI::App* one : below) {
      commands.push_back(describe(*one, app->get_name() + " " + one->get_name()));
      for (const std::string& alias : one->get_aliases()) {
        commands.push_back(describe(*one, app->get_name() + " " + alias));
      }
    }
  }
  return commands;
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
            write_all(1, completion_script(*shell, describe_all(program)));
            return 0;
          }};
}

}  // namespace axon::cli
