// An adapter is all that Axon knows of one agent's CLI: a name, three pure functions and the signal it stops best on.
// Nobody outside its folder asks which agent it is.
#pragma once

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.hpp"
#include "core/launch.hpp"
#include "core/result.hpp"
#include "core/summary.hpp"
#include "core/task.hpp"

namespace axon {

/// The files that are there, read-only. The entrypoint gives the real ones, tests a map.
class FileView {
 public:
  virtual ~FileView() = default;

  /// The whole file; empty if there is none. Fails if it is there and cannot be read.
  [[nodiscard]] virtual Result<std::optional<std::string>> read(const std::string& path) const = 0;

  /// Feeds the file in pieces of bounded size, so that a file of any length needs constant memory. False if there is
  /// none.
  virtual Result<bool> read_chunks(const std::string& path,
                                   const std::function<void(std::string_view)>& sink) const = 0;

  /// Up to `size` bytes from `offset` on: fewer at the file's end, none if there is no such file. Of a database that is
  /// too long to be read.
  [[nodiscard]] virtual Result<std::string> read_at(const std::string& path, std::uint64_t offset,
                                                    std::size_t size) const;

  /// The paths of the regular files below a directory, at any depth, sorted; empty if there is none.
  [[nodiscard]] virtual std::vector<std::string> list(const std::string& directory) const = 0;

  /// True if the file's owner may execute it.
  [[nodiscard]] virtual bool is_executable(const std::string&) const { return false; }
};

/// Turns an agent's stdout into events. The events are the same however the bytes are cut, and memory is bounded
/// whatever the length of a line.
class StreamParser {
 public:
  virtual ~StreamParser() = default;
  virtual void feed(std::string_view bytes, const EventSink& sink) = 0;

  /// The stream is over: a last line without its newline is read too.
  virtual void finish(const EventSink& sink) = 0;
};

/// A program that the agent itself runs.
struct Companion {
  std::string program;
  std::string without_it;  // what the user is told where it is not in PATH, a sentence
};

struct Adapter {
  std::string name;

  /// Same input, same Launch, byte for byte. Fails with InvalidInput where the agent cannot do what is asked.
  std::function<Result<Launch>(const AgentTask&, const FileView&)> plan;

  std::function<std::unique_ptr<StreamParser>()> make_parser;

  /// The usage of the whole run from the agent's own session files: what the stream did not say, after a kill or of
  /// subagents. Empty if they do not tell. Called when the agent is dead.
  std::function<std::optional<Usage>(const AgentTask&, const Summary&, const FileView&)> recover;

  /// Why a run failed that ended with this exit code, not 0, and gave no reason in its stream; empty if the code tells
  /// nothing. The function itself may be empty.
  std::function<std::optional<Failure>(int exit_code)> explain_exit = {};

  /// Variables whose values are secret, beside those that the contract names: what a manifest lists as credentials.
  std::vector<std::string> credential_variables = {};

  /// Their absence is a warning: the agent starts, and works less well.
  std::vector<Companion> companions = {};

  int stop_signal = SIGTERM;

  /// True if its tools take git's configuration away: that of user and machine, credential helpers, the ssh command.
  bool hides_git_settings = false;

  /// True if a run without a Finished event has failed, whatever its exit code.
  bool reports_result = true;
};

/// The built-in adapters: one explicit table, in adapters/registry.cpp.
std::span<const Adapter> builtin_adapters();

/// The built-in adapter of this type, or null.
const Adapter* find_builtin_adapter(std::string_view type);

}  // namespace axon
