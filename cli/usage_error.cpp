#include "cli/usage_error.hpp"

#include <set>

#include "core/nearest.hpp"

namespace axon::cli {
namespace {

/// The innermost command that the line names.
const CLI::App& innermost(const CLI::App& program) {
  const CLI::App* at = &program;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
}

std::string path_of(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : path_of(*parent) + " " + command.get_name();
}

std::set<std::string> commands_of(const CLI::App& command) {
  std::set<std::string> names;
  for (const CLI::App* one : command.get_subcommands([](const CLI::App* it) { return !it->get_group().empty(); })) {
    names.insert(one->get_name());
    for (const std::string& alias : one->get_aliases()) names.insert(alias);
  }
  return names;
}

std::set<std::string> flags_of(const CLI::App& command) {
  std::set<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.insert("--" + name);
  }
  return names;
}

std::string did_you_mean(const std::string& word, const std::set<std::string>& known) {
  const std::string near = nearest(word, known);
  return near.empty() ? "" : "; did you mean " + near + "?";
}

/// The nearest one, else all where they are few.
std::string suggest_command(const std::string& word, const std::set<std::string>& known) {
  constexpr std::size_t kFew = 6;
  std::string text = did_you_mean(word, known);
  if (!text.empty() || known.size() > kFew) return text;
  for (const std::string& name : known) text += (text.empty() ? "; there are " : ", ") + name;
  return text;
}

std::string unexpected_word(const CLI::App& command, const std::string& word) {
  if (word.size() < 2 || word.front() != '-') return "unexpected argument \"" + word + "\"";
  return "unknown flag " + word + did_you_mean(word.substr(0, word.find('=')), flags_of(command));
}

std::string describe(const CLI::App& command, const CLI::ParseError& error) {
  const std::vector<std::string> rest = command.remaining();
  const bool has_unknown_words = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;  // its name is the command's
  if (has_unknown_words && !rest.empty()) return unexpected_word(command, rest.front());
  const std::string text = error.what();
  const std::string option = text.substr(0, text.find(':'));
  if (error.get_name() == "ArgumentMismatch") {
    if (text.find("At Most 1 required") != std::string::npos) return option + ": may be given once only";
    if (text.ends_with(" missing")) return option + ": needs a value";
  }
  if (error.get_name() != "RequiredError" || commands_of(command).empty()) return text;
  return "which command?";
}

}  // namespace

std::vector<std::string> with_help_flag(std::vector<std::string> arguments) {
  if (arguments.empty() || arguments.front() != "help") return arguments;
  arguments.erase(arguments.begin());
  arguments.emplace_back("--help");
  return arguments;
}

std::optional<std::string> unknown_command(const CLI::App& program) {
  const CLI::App& command = innermost(program);
  const std::vector<std::string> rest = command.remaining();
  const std::set<std::string> known = commands_of(command);
  if (known.empty() || rest.empty() || rest.front().starts_with('-')) return std::nullopt;
  return "unknown command \"" + path_of(command) + " " + rest.front() + "\"" + suggest_command(rest.front(), known) +
         " (" + path_of(command) + " --help)";
}

std::string explain_usage(const CLI::App& program, const CLI::ParseError& error) {
  if (std::optional<std::string> unknown = unknown_command(program)) return *std::move(unknown);
  const CLI::App& command = innermost(program);
  return describe(command, error) + " (" + path_of(command) + " --help)";
}

}  // namespace axon::cli
