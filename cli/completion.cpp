#include "cli/completion.hpp"

#include "cli/text.hpp"

namespace axon::cli {
namespace {

constexpr std::string_view kTasks = "$(axon get tasks --local -o name 2>/dev/null | sed 's,^task/,,')";

std::string all_names(const CompletionCommand& command) {
  std::vector<std::string> names;
  for (const CompletionOption& option : command.options) names.push_back(join(option.names, " "));
  return join(names, " ");
}

/// For single quotes of sh and fish alike, both of which see a backslash before a quote outside of them.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// The values of the options that have a list of them, by the word before.
std::string bash_values(const CompletionCommand& command) {
  std::string cases;
  for (const CompletionOption& option : command.options) {
    if (!option.takes_value) continue;
    const std::string reply = option.values.empty()
                                  ? "COMPREPLY=($(compgen -f -- \"$cur\"))"
                                  : "COMPREPLY=($(compgen -W '" + join(option.values, " ") + "' -- \"$cur\"))";
    cases += "        " + join(option.names, "|") + ") " + reply + "; return ;;\n";
  }
  return cases.empty() ? "" : "      case \"$prev\" in\n" + cases + "      esac\n";
}

std::string bash_script(const std::vector<CompletionCommand>& commands) {
  std::vector<std::string> names;
  std::string cases;
  for (const CompletionCommand& command : commands) {
    names.push_back(command.name);
    std::string words = join(command.words, " ");
    if (command.takes_tasks) words.append(words.empty() ? "" : " ").append(kTasks);
    cases += "    " + command.name + ")\n" + bash_values(command) + "      if [[ \"$cur\" == -* ]]; then\n" +
             "        COMPREPLY=($(compgen -W '" + all_names(command) + "' -- \"$cur\"))\n      else\n" +
             "        COMPREPLY=($(compgen -W \"" + words + "\" -- \"$cur\"))\n      fi ;;\n";
  }
  return "# bash completion for axon\n_axon() {\n"
         "  local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
         "  if [[ $COMP_CWORD -eq 1 ]]; then\n    COMPREPLY=($(compgen -W '" +
         join(names, " ") + "' -- \"$cur\"))\n    return\n  fi\n  case \"${COMP_WORDS[1]}\" in\n" + cases +
         "  esac\n}\ncomplete -o default -F _axon axon\n";
}

std::string zsh_script(const std::vector<CompletionCommand>& commands) {
  return "# zsh completion for axon, by way of bash's\nautoload -U +X bashcompinit && bashcompinit\n" +
         bash_script(commands);
}

std::string fish_option(const std::string& command, const CompletionOption& option) {
  std::string line = "complete -c axon -n '__fish_seen_subcommand_from " + command + "'";
  for (const std::string& name : option.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (option.takes_value) line += " -r";
  if (!option.values.empty()) line += " -f -a " + quoted(join(option.values, " "));
  return line + " -d " + quoted(option.help) + "\n";
}

std::string fish_script(const std::vector<CompletionCommand>& commands) {
  std::string script = "# fish completion for axon\n";
  for (const CompletionCommand& command : commands) {
    script += "complete -c axon -f -n __fish_use_subcommand -a " + command.name + " -d " + quoted(command.help) + "\n";
  }
  for (const CompletionCommand& command : commands) {
    const std::string seen = "complete -c axon -f -n '__fish_seen_subcommand_from " + command.name + "' -a ";
    if (!command.words.empty()) script += seen + quoted(join(command.words, " ")) + "\n";
    if (command.takes_tasks)
      script += seen + "'(axon get tasks --local -o name 2>/dev/null | string replace task/ \"\")'\n";
    for (const CompletionOption& option : command.options) script += fish_option(command.name, option);
  }
  return script;
}

}  // namespace

std::string completion_script(std::string_view shell, const std::vector<CompletionCommand>& commands) {
  if (shell == "bash") return bash_script(commands);
  if (shell == "zsh") return zsh_script(commands);
  return shell == "fish" ? fish_script(commands) : std::string();
}

}  // namespace axon::cli
