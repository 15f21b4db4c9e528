// Completion scripts, made from the same option tables that parse the command line. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace axon::cli {

struct CompletionOption {
  std::vector<std::string> names;  // "-p", "--prompt"
  std::string help;
  bool takes_value = false;
  std::vector<std::string> values;  // what it can be, where that is a list
};

struct CompletionCommand {
  std::string name;
  std::string help;
  std::vector<CompletionOption> options;
  std::vector<std::string> words;  // what may stand first: kinds, shells
  bool takes_tasks = false;        // then names of Tasks
};

/// `shell` is bash, zsh or fish; empty for another one.
std::string completion_script(std::string_view shell, const std::vector<CompletionCommand>& commands);

}  // namespace axon::cli
