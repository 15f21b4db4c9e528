// axon logs --local
#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>

#include "adapters/manifest/manifest.hpp"
#include "cli/logs_options.hpp"
#include "cli/screen.hpp"
#include "cli/state.hpp"

namespace axon::cli {
namespace {

// A run that ends without a last line changes no file that is watched: its lock is looked at this often.
constexpr int kLookAgainMs = 500;

/// A log file that may not be there yet, read from where the last read ended.
class Tail {
 public:
  explicit Tail(std::string path) : path_(std::move(path)) {}

  template <class Use>
  void read_new(const Use& use) {
    if (!file_.is_open()) file_ = Descriptor(open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file_.is_open()) return;
    std::array<char, 65536> piece{};
    for (ssize_t count = 0; (count = read(file_.get(), piece.data(), piece.size())) > 0;) {
      use(std::string_view(piece.data(), static_cast<std::size_t>(count)));
    }
  }

 private:
  std::string path_;
  Descriptor file_;
};

/// The adapter that reads this Task's stream; empty where its type is not known any more.
std::optional<Adapter> adapter_of(const StoredTask& task) {
  if (task.spec.manifest.empty()) {
    const Adapter* builtin = find_builtin_adapter(task.spec.type);
    return builtin == nullptr ? std::nullopt : std::optional(*builtin);
  }
  const Result<std::string> text = read_file(task.paths.manifest());
  if (!text) return std::nullopt;
  Result<Adapter> adapter = load_manifest(*text, task.paths.manifest());
  return adapter ? std::optional(std::move(*adapter)) : std::nullopt;
}

class Logs {
 public:
  Logs(const StoredTask& task, const Adapter* adapter, bool raw)
      : raw_(raw),
        stream_(adapter, Screen{}),
        prepare_(task.paths.prepare_log()),
        out_(task.paths.stdout_log()),
        err_(task.paths.stderr_log()) {}

  void print_new() {
    const auto plain = [this](std::string_view bytes) { raw_ ? void(write_all(2, bytes)) : stream_.feed_plain(bytes); };
    prepare_.read_new(plain);
    out_.read_new([this](std::string_view bytes) { raw_ ? void(write_all(1, bytes)) : stream_.feed(bytes); });
    err_.read_new(plain);
  }

  void finish() {
    if (!raw_) stream_.finish();
  }

 private:
  bool raw_;
  ReadableStream stream_;
  Tail prepare_, out_, err_;
};

void follow(const StoredTask& task, Logs& logs) {
  const Descriptor watch(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  inotify_add_watch(watch.get(), task.paths.root.c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO);
  for (;;) {
    // Asked before reading: what is written before the lock is let go is then certainly read.
    const bool ended = lock_holder(task.paths) == 0;
    logs.print_new();
    if (ended) return;
    pollfd change{watch.get(), POLLIN, 0};
    poll(&change, 1, kLookAgainMs);
    std::array<char, 4096> events{};
    while (read(watch.get(), events.data(), events.size()) > 0) {
    }
  }
}

}  // namespace

Result<int> print_local_logs(const LogsOptions& options) {
  const Result<StoredTask> task = load_task(options.name);
  if (!task) return std::unexpected(task.error());
  const std::optional<Adapter> adapter = adapter_of(*task);
  Logs output(*task, adapter ? &*adapter : nullptr, options.raw);
  output.print_new();
  if (options.follow) follow(*task, output);
  output.finish();
  return 0;
}

}  // namespace axon::cli
