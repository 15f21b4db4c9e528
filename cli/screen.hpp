// A run on the screen as it happens, or its logs afterwards: the agent's stream made readable, stderr as it is.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "adapters/adapter.hpp"
#include "cli/printer.hpp"

namespace axon::cli {

/// Where the two channels go. The same descriptor for both is fine.
struct Screen {
  int out = 1;
  int info = 2;
};

/// Writes a line; a reader that is gone (EPIPE) is no reason to end a run.
void write_line(int descriptor, std::string_view line);

/// Stays where it is: its printer refers to it.
class ReadableStream {
 public:
  ReadableStream(const ReadableStream&) = delete;
  ReadableStream& operator=(const ReadableStream&) = delete;
  ~ReadableStream() = default;

  /// Without an adapter every line is passed on as it is.
  ReadableStream(const Adapter* adapter, Screen screen);

  /// The agent's stdout.
  void feed(std::string_view bytes);

  /// Lines for people: stderr, and what `prepare` says.
  void feed_plain(std::string_view bytes);

  /// Stands before each line that is written from now on.
  void put_in_front(std::string_view text) { front_ = text.empty() ? "" : std::string(text) + " "; }

  /// The streams are over.
  void finish();

 private:
  /// Calls `use` with each complete line, keeps the rest in `rest`.
  template <class Use>
  static void split(std::string& rest, std::string_view bytes, const Use& use);
  void show(Channel channel, std::string_view text) const;

  Screen screen_;
  EventPrinter printer_;
  std::unique_ptr<StreamParser> parser_;
  std::string out_rest_;
  std::string plain_rest_;
  std::string front_;
};

}  // namespace axon::cli
