#include "cli/completion.hpp"

#include <map>

#include "cli/text.hpp"

namespace axon::cli {
namespace {

/// What both scripts know of the flags that say which cluster: they are passed on to `axon __names`.
constexpr std::string_view kBashFrame = R"sh(
# Names of what is there, of the cluster that the line so far names.
_axon_names() {
  local i
  local -a where=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "${COMP_WORDS[i]}" in
      --local) where+=(--local) ;;
      -n|--namespace|--context|--kubeconfig|--config) where+=("${COMP_WORDS[i]}" "${COMP_WORDS[i+1]}") ;;
    esac
  done
  axon __names "${where[@]}" "$1" 2>/dev/null
}

_axon() {
  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" cmd="${COMP_WORDS[1]}"
  local at=2 options= valued= first= live= i
  local -a args=()
)sh";

constexpr std::string_view kBashEnd = R"sh(
  if [[ "$valued" == *" $prev "* ]]; then
    COMPREPLY=($(compgen -f -- "$cur"))
    return
  fi
  if [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
    return
  fi
  for ((i = at; i < COMP_CWORD; i++)); do
    if [[ "$valued" == *" ${COMP_WORDS[i]} "* ]]; then
      ((i++))
    elif [[ "${COMP_WORDS[i]}" != -* ]]; then
      args+=("${COMP_WORDS[i]}")
    fi
  done
  if [[ ${#args[@]} -eq 0 && -n "$first" ]]; then
    COMPREPLY=($(compgen -W "$first" -- "$cur"))
  elif [[ -n "$live" ]]; then
    [[ "$live" == @kind ]] && live="${args[0]}"
    COMPREPLY=($(compgen -W "$(_axon_names "$live")" -- "$cur"))
  fi
}
complete -o default -F _axon axon
)sh";

constexpr std::string_view kFishFrame = R"sh(
# Names of what is there, of the cluster that the line so far names.
function __axon_names
  set -l words (commandline -opc)
  set -l where
  for i in (seq (count $words))
    switch $words[$i]
      case --local
        set -a where --local
      case -n --namespace --context --kubeconfig --config
        if test $i -lt (count $words)
          set -a where $words[$i] $words[(math $i + 1)]
        end
    end
  end
  axon __names $where $argv 2>/dev/null
end

function __axon_kind
  for word in (commandline -opc)
    if string match -q -r '^(tasks?|workspaces?|ws|agentconfigs?|ac|taskspawners?|ts)$' -- $word
      echo $word
      return 0
    end
  end
  return 1
end

)sh";

/// For single quotes of sh and fish alike, both of which see a backslash before a quote outside of them.
std::string single_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// The words of nested commands by the one above them: "create" -> workspace, agentconfig.
std::map<std::string, std::vector<std::string>> nested(const std::vector<CompletionCommand>& commands) {
  std::map<std::string, std::vector<std::string>> words;
  for (const CompletionCommand& command : commands) {
    const std::size_t space = command.name.find(' ');
    if (space != std::string::npos) words[command.name.substr(0, space)].push_back(command.name.substr(space + 1));
  }
  return words;
}

std::vector<std::string> first_words(const std::vector<CompletionCommand>& commands) {
  std::vector<std::string> words;
  for (const CompletionCommand& command : commands) {
    std::string word = command.name.substr(0, command.name.find(' '));
    if (words.empty() || words.back() != word) words.push_back(std::move(word));
  }
  return words;
}

std::string compgen_words(const std::string& words) {
  return "COMPREPLY=($(compgen -W " + words + " -- \"$cur\")); return";
}

/// One line of the first `case`: what the command takes.
std::string bash_command(const CompletionCommand& command) {
  std::vector<std::string> all;
  std::string valued = " ";
  for (const CompletionOption& option : command.options) {
    all.push_back(join(option.names, " "));
    if (option.takes_value) valued += join(option.names, " ") + " ";
  }
  return "    " + single_quoted(command.name) + ") options=" + single_quoted(join(all, " ")) +
         " valued=" + single_quoted(valued) + " first=" + single_quoted(join(command.words, " ")) +
         " live=" + single_quoted(command.live) + " ;;\n";
}

/// Lines of the second one: the values of options that have a list of them.
std::string bash_values(const CompletionCommand& command) {
  std::string lines;
  for (const CompletionOption& option : command.options) {
    if (option.values.empty() && option.live.empty()) continue;
    std::vector<std::string> patterns;
    for (const std::string& name : option.names) patterns.push_back(single_quoted(command.name + " " + name));
    const std::string words =
        option.live.empty() ? single_quoted(join(option.values, " ")) : "\"$(_axon_names " + option.live + ")\"";
    lines += "    " + join(patterns, "|") + ") " + compgen_words(words) + " ;;\n";
  }
  return lines;
}

std::string bash_script(const std::vector<CompletionCommand>& commands) {
  std::string script = "# bash completion for axon\n" + std::string(kBashFrame);
  script +=
      "  if [[ $COMP_CWORD -eq 1 ]]; then " + compgen_words(single_quoted(join(first_words(commands), " "))) + "; fi\n";
  for (const auto& [name, words] : nested(commands)) {
    script += "  if [[ \"$cmd\" == " + name + " ]]; then\n    if [[ $COMP_CWORD -eq 2 ]]; then " +
              compgen_words(single_quoted(join(words, " "))) + "; fi\n    cmd=\"$cmd ${COMP_WORDS[2]}\" at=3\n  fi\n";
  }
  script += "  case \"$cmd\" in\n";
  for (const CompletionCommand& command : commands) script += bash_command(command);
  script += "  esac\n  case \"$cmd $prev\" in\n";
  for (const CompletionCommand& command : commands) script += bash_values(command);
  return script + "  esac" + std::string(kBashEnd);
}

std::string zsh_script(const std::vector<CompletionCommand>& commands) {
  return "# zsh completion for axon, by way of bash's\nautoload -U +X bashcompinit && bashcompinit\n" +
         bash_script(commands);
}

/// Whether the line is of this command.
std::string fish_seen(const std::string& command) {
  const std::size_t space = command.find(' ');
  const std::string first = "__fish_seen_subcommand_from " + command.substr(0, space);
  return space == std::string::npos ? first : first + "; and __fish_seen_subcommand_from " + command.substr(space + 1);
}

std::string fish_option(const std::string& command, const CompletionOption& option) {
  std::string line = "complete -c axon -n " + single_quoted(fish_seen(command));
  for (const std::string& name : option.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (option.takes_value) line += " -r";
  if (!option.values.empty()) line += " -f -a " + single_quoted(join(option.values, " "));
  if (!option.live.empty()) line += " -f -a " + single_quoted("(__axon_names " + option.live + ")");
  return line + " -d " + single_quoted(option.help) + "\n";
}

std::string fish_command(const CompletionCommand& command) {
  std::string script;
  const std::string kind = command.live == "@kind" ? "; and __axon_kind >/dev/null" : "";
  const std::string seen = fish_seen(command.name);
  if (!command.words.empty()) {
    const std::string before = kind.empty() ? "" : "; and not __axon_kind >/dev/null";
    script += "complete -c axon -f -n " + single_quoted(seen + before) + " -a " +
              single_quoted(join(command.words, " ")) + "\n";
  }
  if (!command.live.empty()) {
    const std::string what = kind.empty() ? command.live : "(__axon_kind)";
    script += "complete -c axon -f -n " + single_quoted(seen + kind) + " -a " +
              single_quoted("(__axon_names " + what + ")") + "\n";
  }
  for (const CompletionOption& option : command.options) script += fish_option(command.name, option);
  return script;
}

std::string fish_script(const std::vector<CompletionCommand>& commands) {
  std::string script = "# fish completion for axon\n" + std::string(kFishFrame);
  for (const CompletionCommand& command : commands) {
    if (command.name.contains(' ')) continue;
    script +=
        "complete -c axon -f -n __fish_use_subcommand -a " + command.name + " -d " + single_quoted(command.help) + "\n";
  }
  for (const auto& [name, words] : nested(commands)) {
    script += "complete -c axon -f -n __fish_use_subcommand -a " + name + "\n";
    script += "complete -c axon -f -n " +
              single_quoted(fish_seen(name) + "; and not __fish_seen_subcommand_from " + join(words, " ")) + " -a " +
              single_quoted(join(words, " ")) + "\n";
  }
  for (const CompletionCommand& command : commands) script += fish_command(command);
  return script;
}

}  // namespace

std::string completion_script(std::string_view shell, const std::vector<CompletionCommand>& commands) {
  if (shell == "bash") return bash_script(commands);
  if (shell == "zsh") return zsh_script(commands);
  return shell == "fish" ? fish_script(commands) : std::string();
}

}  // namespace axon::cli
