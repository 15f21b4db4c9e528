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

class ReadableStream {
 public:
  /// Without an adapter every line is passed on as it is.
  ReadableStream(const Adapter* adapter, Screen screen);

  /// The agent's stdout.
  void feed(std::string_view bytes);

  /// Lines for people: stderr, and what `prepare` says.
  void feed_plain(std::string_view bytes);

  /// The streams are over.
  void finish();

 private:
  /// Calls `use` with each complete line, keeps the rest in `rest`.
  template <class Use>
  static void split(std::string& rest, std::string_view bytes, const Use& use);

  Screen screen_;
  EventPrinter printer_;
  std::unique_ptr<StreamParser> parser_;
  std::string out_rest_;
  std::string plain_rest_;
};

}  // namespace axon::cli
