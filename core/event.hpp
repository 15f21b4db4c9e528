// What an agent's stream says, in the same words for every agent. Parsers make events; the summary, the log printer
// and the supervisor read them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "core/outcome.hpp"
#include "core/usage.hpp"

namespace axon::event {

struct SessionStarted {
  std::string session_id;
  std::string model;
  bool operator==(const SessionStarted&) const = default;
};

/// What the agent says to people. Long texts are cut at the parser's limit.
struct Text {
  std::string text;
  bool subagent = false;
  bool operator==(const Text&) const = default;
};

struct ToolCall {
  std::string id;
  std::string name;
  std::string arguments;  // compact JSON or the command line, cut at the parser's limit
  bool subagent = false;
  bool operator==(const ToolCall&) const = default;
};

struct ToolResult {
  std::string id;
  bool is_error = false;
  bool operator==(const ToolResult&) const = default;
};

/// One turn of the model is over.
struct Turn {
  bool operator==(const Turn&) const = default;
};

/// The agent tries a request to its provider again. Not progress.
struct Retry {
  int attempt = 0;
  int max_attempts = 0;  // 0: not said
  Failure cause;
  bool operator==(const Retry&) const = default;
};

/// Work that the agent has running in the background, subagents for example. A result while this is not 0 is not final.
struct BackgroundTasks {
  int running = 0;
  bool operator==(const BackgroundTasks&) const = default;
};

/// Adds to the usage of the run.
struct UsageStep {
  Usage usage;
  bool operator==(const UsageStep&) const = default;
};

/// Replaces what was known of the usage of the whole run.
struct UsageTotal {
  Usage usage;
  bool operator==(const UsageTotal&) const = default;
};

/// Something went wrong and the agent goes on, or is about to end.
struct Problem {
  Failure failure;
  bool operator==(const Problem&) const = default;
};

/// The agent says that it is done. There may be several; the last one counts.
struct Finished {
  std::optional<Failure> failure;
  std::string response;  // the final answer, cut at the parser's limit
  std::optional<int> turns;
  int success_code = 0;  // what the agent exits with if nothing else comes; 1 for an error that it has overcome
  bool operator==(const Finished&) const = default;
};

/// A line that is not in the agent's format, handed on as it is, without its newline; cut at the parser's limit.
struct Plain {
  std::string line;
  bool operator==(const Plain&) const = default;
};

/// A line of the agent's format that this parser does not know. An agent's update must not fail a Task.
struct Unknown {
  std::string type;
  bool operator==(const Unknown&) const = default;
};

}  // namespace axon::event

namespace axon {

using Event = std::variant<event::SessionStarted, event::Text, event::ToolCall, event::ToolResult, event::Turn,
                           event::Retry, event::BackgroundTasks, event::UsageStep, event::UsageTotal, event::Problem,
                           event::Finished, event::Plain, event::Unknown>;

using EventSink = std::function<void(Event&&)>;

/// True for events that show the work going on. Retries, pings and noise do not: an agent that does nothing else is
/// stalled.
bool is_progress(const Event& event);

}  // namespace axon
