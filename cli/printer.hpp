// Makes an agent's events readable, whichever agent it is: what it says goes to one channel, what it does to the other.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "cli/text.hpp"
#include "core/event.hpp"

namespace axon::cli {

/// Out is what the agent says (stdout), Info what it does (stderr).
enum class Channel { Out, Info };

using LineSink = std::function<void(Channel, std::string_view line)>;  // without its newline

class EventPrinter {
 public:
  EventPrinter(LineSink sink, Style style) : sink_(std::move(sink)), style_(style) {}

  void print(const Event& event);

  /// The stream is over: the usage, once, where the agent has told any.
  void finish();

 private:
  void on(const event::SessionStarted& event);
  void on(const event::Text& event);
  void on(const event::ToolCall& event);
  void on(const event::ToolResult& event);
  void on(const event::Turn& event);
  void on(const event::Retry& event);
  void on(const event::BackgroundTasks& event);
  void on(const event::UsageStep& event);
  void on(const event::UsageTotal& event);
  void on(const event::Problem& event);
  void on(const event::Finished& event);
  void on(const event::Plain& event);
  void on(const event::Unknown& event);

  void info(std::string_view tag, const std::string& text);

  LineSink sink_;
  Style style_;
  std::map<std::string, std::string> tools_;  // id -> name, of calls without a result yet
  std::string last_text_;
  Usage usage_;
  std::string model_;
  int turns_ = 0;
  bool in_outputs_ = false;  // between the markers: the table at the end says the same, readable
};

/// The part of a tool call's arguments that tells most: the command, the file, the pattern …, on one short line.
std::string short_arguments(const std::string& arguments);

/// "1,200 in (1,000 from cache, 50 to cache), 40 out (10 reasoning), $0.013".
std::string format_usage(const Usage& usage);

}  // namespace axon::cli
