#include "cli/screen.hpp"

#include "cli/files.hpp"

namespace axon::cli {
namespace {

constexpr std::size_t kMaxLine = 1U << 20U;  // longer lines are passed on in pieces

}  // namespace

void write_line(int descriptor, std::string_view line) { write_all(descriptor, std::string(line).append("\n")); }

ReadableStream::ReadableStream(const Adapter* adapter, Screen screen)
    : screen_(screen),
      printer_([this](Channel channel, std::string_view text) { show(channel, text); }, terminal_style(screen.info)),
      parser_(adapter == nullptr ? nullptr : adapter->make_parser()) {}

void ReadableStream::show(Channel channel, std::string_view text) const {
  std::string lines = front_;
  for (const char c : text) {
    lines += c;
    if (c == '\n') lines += front_;
  }
  write_line(channel == Channel::Out ? screen_.out : screen_.info, lines);
}

template <class Use>
void ReadableStream::split(std::string& rest, std::string_view bytes, const Use& use) {
  while (!bytes.empty()) {
    const std::size_t newline = bytes.find('\n');
    rest += bytes.substr(0, newline);
    if (newline == std::string_view::npos && rest.size() < kMaxLine) return;
    bytes.remove_prefix(newline == std::string_view::npos ? bytes.size() : newline + 1);
    use(rest);
    rest.clear();
  }
}

void ReadableStream::feed(std::string_view bytes) {
  if (parser_ != nullptr) {
    parser_->feed(bytes, [this](Event&& event) { printer_.print(event); });
    return;
  }
  split(out_rest_, bytes, [this](const std::string& line) { printer_.print(event::Plain{line}); });
}

void ReadableStream::feed_plain(std::string_view bytes) {
  split(plain_rest_, bytes, [this](const std::string& line) { show(Channel::Info, printable(line)); });
}

void ReadableStream::finish() {
  if (parser_ != nullptr) parser_->finish([this](Event&& event) { printer_.print(event); });
  if (!out_rest_.empty()) printer_.print(event::Plain{out_rest_});
  if (!plain_rest_.empty()) show(Channel::Info, printable(plain_rest_));
  out_rest_.clear();
  plain_rest_.clear();
  printer_.finish();
}

}  // namespace axon::cli
