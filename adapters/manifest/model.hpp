// A manifest as it was read. Fields are named as in the format.
#pragma once

#include <csignal>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "adapters/stream/paths.hpp"
#include "core/outcome.hpp"
#include "core/task.hpp"

namespace axon::manifest {

/// What a part of the command line needs to be there at all.
enum class When { Always, Model, Mcp, Instructions, Plugin };

struct Arguments {
  When when = When::Always;
  std::vector<std::string> words;  // with placeholders
};

enum class PromptBy { Stdin, Argument, File };

struct InstructionsFile {
  std::string file;
  bool replace = false;  // else a marked block in what is there
};

/// How one transport's servers are written.
struct ServerShape {
  std::map<std::string, std::string> set;    // fixed fields
  std::map<std::string, std::string> names;  // "command", "args", "env", "url", "headers", "commandLine" -> field
};

struct McpFile {
  enum class Format { Json, Yaml, Toml };
  std::string file;
  Format format = Format::Json;
  std::vector<std::string> key;                       // where the servers are, from the top
  std::map<McpServer::Type, ServerShape> transports;  // one that is not there is not supported
};

/// A path of interest in a rule: its id among the table's, and whether it lies below the rule's `each`.
struct PathRef {
  int id = 0;
  bool local = false;
};

struct Condition {
  PathRef path;
  std::optional<bool> exists;
  std::optional<std::string> contains;  // part of a string
  std::vector<std::variant<std::nullptr_t, bool, double, std::string>> any_of;
};

enum class EventKind {
  Session,
  Text,
  ToolCall,
  ToolResult,
  Turn,
  Retry,
  BackgroundTasks,
  UsageStep,
  UsageTotal,
  Problem,
  Result
};

struct Rule {
  EventKind kind = EventKind::Turn;
  std::vector<Condition> when;
  std::optional<int> each;                             // path id of the elements
  std::map<std::string, std::vector<PathRef>> fields;  // field -> paths, in order
  std::optional<Reason> reason;
  bool input_includes_cache = true;
  bool output_includes_reasoning = true;
};

struct Stream {
  bool is_jsonl = false;
  std::vector<std::string> path_names;  // by path id
  stream::JsonPaths paths = {};
  std::vector<Rule> rules;
};

struct Manifest {
  std::string name;
  std::vector<Arguments> command;
  PromptBy prompt = PromptBy::Stdin;
  std::vector<std::string> credentials;
  std::map<std::string, std::string> env;  // values with placeholders
  std::optional<InstructionsFile> instructions;
  std::optional<McpFile> mcp;
  std::string skills;  // directory, empty: none
  std::string agents;
  int stop_signal = SIGTERM;
  Stream stream;
  bool success_needs_result = false;
};

/// True if the command or the environment has this placeholder.
bool mentions(const Manifest& manifest, const std::string& placeholder);

}  // namespace axon::manifest
