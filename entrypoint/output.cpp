#include "entrypoint/output.hpp"

#include <fcntl.h>
#include <limits.h>  // NOLINT(modernize-deprecated-headers): PIPE_BUF
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace axon {

Output::Output(int fd) : fd_(fd) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) {
    broken_ = true;
    return;
  }
  regular_ = S_ISREG(status.st_mode);
  if (regular_ || S_ISSOCK(status.st_mode)) return;
  own_ =
      Descriptor(::open(("/proc/self/fd/" + std::to_string(fd)).c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!own_) return;
  fd_ = own_.get();
  nonblocking_ = true;
}

std::size_t Output::write_some(std::string_view bytes) {
  if (!nonblocking_ && !regular_) {
    // A pipe that polls writable takes PIPE_BUF bytes without blocking.
    pollfd ready{fd_, POLLOUT, 0};
    if (::poll(&ready, 1, 0) == 0) return 0;
    bytes = bytes.substr(0, PIPE_BUF);
  }
  while (true) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    broken_ = true;  // the reader is gone or the disk is full: the run goes on without its log
    return bytes.size();
  }
}

void Output::write(std::string_view bytes) {
  if (bytes.empty()) return;
  last_ = bytes.back();
  if (!pending_.empty()) {
    pending_ += bytes;
    return;
  }
  while (!bytes.empty() && !broken_) {
    const std::size_t n = write_some(bytes);
    if (n == 0) {
      pending_ = bytes;
      return;
    }
    bytes.remove_prefix(n);
  }
}

void Output::flush() {
  std::string_view rest = pending_;
  while (!rest.empty() && !broken_) {
    const std::size_t n = write_some(rest);
    if (n == 0) break;
    rest.remove_prefix(n);
  }
  if (broken_) rest = {};
  pending_.erase(0, pending_.size() - rest.size());
}

void Output::flush_within(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (blocked()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return;
    pollfd ready{fd_, POLLOUT, 0};
    ::poll(&ready, 1, static_cast<int>(left.count()));
    flush();
  }
}

}  // namespace axon
