// Our stdout or stderr, written without ever blocking: a reader that is stuck must not keep PID 1 from its signals.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "entrypoint/descriptor.hpp"

namespace axon {

class Output {
 public:
  /// Takes its own open file description of `fd` where it can, so that O_NONBLOCK is not set on somebody else's.
  explicit Output(int fd);

  /// Writes what can be written now and keeps the rest. Bytes for a reader that is gone are dropped.
  void write(std::string_view bytes);

  /// True while something is kept: no more should be given until POLLOUT was seen on fd() and flush() called.
  [[nodiscard]] bool blocked() const { return !pending_.empty(); }
  void flush();

  /// Waits for the reader to take what is kept, at most this long.
  void flush_within(std::chrono::milliseconds limit);

  [[nodiscard]] int fd() const { return fd_; }

  /// True if the last byte written was a newline, or none was written.
  [[nodiscard]] bool at_line_start() const { return last_ == '\n'; }

 private:
  /// The bytes taken; 0 if the reader cannot take any now.
  std::size_t write_some(std::string_view bytes);

  Descriptor own_;
  int fd_;
  bool nonblocking_ = false;
  bool regular_ = false;  // a file never blocks
  bool broken_ = false;
  char last_ = '\n';
  std::string pending_;
};

}  // namespace axon
