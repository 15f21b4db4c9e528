// Where a container's log has been read up to, over several connections. Each begins at a whole second at the earliest
// (the API knows no finer one), so what it brings again is left out, by the time in front of each line. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace axon::cli {

using LogTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// "2026-03-01T12:00:00.123456789Z", or with an offset: what the node writes, in its own time zone.
std::optional<LogTime> parse_log_time(std::string_view text);

class LogCursor {
 public:
  /// `bytes` is a line or a piece of one, with its newline, without the time in front of it. `time` is as the node
  /// wrote it; empty where a line has none.
  using Sink = std::function<void(std::string_view time, std::string_view bytes)>;

  explicit LogCursor(Sink sink) : sink_(std::move(sink)) {}

  /// Bytes of a log with timestamps, however they are cut.
  void feed(std::string_view bytes);

  /// The connection has ended; what is fed next comes from another one, which was asked for with since().
  void reconnect();

  /// RFC 3339; empty: nothing was read yet.
  [[nodiscard]] std::string since() const;

  /// The last connection began behind the place where the one before ended: what was between is lost (a node keeps
  /// only the newest file of a log that it rotates).
  [[nodiscard]] bool has_gap() const { return has_gap_; }

 private:
  void begin_line();
  void pass(std::string_view bytes);

  Sink sink_;
  // The line that is being read.
  std::string head_;  // its first bytes, until its time is known
  std::string time_text_;
  bool in_line_ = false;  // its time is known
  std::size_t skip_ = 0;  // bytes of it that were passed on before; kWhole: all
  // How far everything was passed on.
  std::optional<LogTime> time_;  // of the newest line
  std::size_t lines_ = 0;        // of that time, the newest one included
  std::size_t bytes_ = 0;        // of the newest line
  // The connection.
  bool is_catching_up_ = false;
  std::size_t again_ = 0;  // lines of time_ that it has brought
  bool has_gap_ = false;
};

}  // namespace axon::cli
