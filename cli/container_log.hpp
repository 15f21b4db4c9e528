// The log of one container on the screen: readable or raw, with or without times.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/log_cursor.hpp"
#include "cli/screen.hpp"

namespace axon::cli {

class ContainerLog {
 public:
  /// `is_preparation`: its lines are for people. Without an adapter the agent's lines are passed on as they are.
  ContainerLog(const Adapter* adapter, Screen screen, bool is_preparation, bool raw, bool timestamps);

  /// What the node sends, and its cursor.
  LogCursor& cursor() { return cursor_; }

  /// It is over, or nothing more of it is wanted.
  void finish();

 private:
  void show(std::string_view time, std::string_view bytes);

  Screen screen_;
  bool is_preparation_;
  bool raw_;
  bool timestamps_;
  bool at_line_start_ = true;
  ReadableStream stream_;
  LogCursor cursor_;
};

}  // namespace axon::cli
