// Completion scripts, made from the same option tables that parse the command line. Names of what is there are asked
// for as they are needed, from `axon __names`. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace axon::cli {

/// The hidden command that prints live names, one a line: axon __names WHAT [--local] [-n NS] [--context C] ….
inline constexpr const char* kNames = "__names";

struct CompletionOption {
  std::vector<std::string> names;  // "-p", "--prompt"
  std::string help;
  bool takes_value = false;
  std::vector<std::string> values;  // what it can be, where that is a list
  std::string live;                 // or whose names: "workspace", "namespace", …
};

struct CompletionCommand {
  std::string name;  // "get", "create workspace"
  std::string help;
  std::vector<CompletionOption> options;
  std::vector<std::string> words;  // what stands first: kinds, shells
  std::string live;                // whose names come then: "task"; "@kind": of the kind that stands first
};

/// `shell` is bash, zsh or fish; empty for another one.
std::string completion_script(std::string_view shell, const std::vector<CompletionCommand>& commands);

}  // namespace axon::cli
