#include "cli/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "cli/lost_output.hpp"

namespace axon::cli {
namespace {

int stdout_errno = 0;

namespace fs = std::filesystem;

Result<void> write_to(const std::string& path, std::string_view content, unsigned mode, int flags) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode));
  if (!file.is_open()) return fail_errno("write " + path, errno);
  if (fchmod(file.get(), mode) != 0 || !write_all(file.get(), content)) return fail_errno("write " + path, errno);
  return {};
}

/// A module cache of Go, for one, makes its directories read-only.
void make_writable(const std::string& path) {
  std::error_code error;
  fs::permissions(path, fs::perms::owner_all, fs::perm_options::add, error);
  for (fs::recursive_directory_iterator at(path, fs::directory_options::skip_permission_denied, error), end;
       !error && at != end; at.increment(error)) {
    std::error_code ignored;
    const bool directory = !at->is_symlink(ignored) && at->is_directory(ignored);
    if (directory) fs::permissions(at->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
  }
}

}  // namespace

void Descriptor::reset() {
  if (number_ >= 0) close(number_);
  number_ = -1;
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      if (descriptor == STDOUT_FILENO && errno != EPIPE && stdout_errno == 0) stdout_errno = errno;
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

int lost_output() { return stdout_errno; }

Result<std::string> read_file(const std::string& path) {
  const std::string name = path == "-" ? "stdin" : path;
  const Descriptor file(path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return fail_errno("read " + name, errno);
  std::string content;
  std::array<char, 65536> piece{};
  for (;;) {
    const ssize_t count = read(file.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("read " + name, errno);
    if (count == 0) return content;
    content.append(piece.data(), static_cast<std::size_t>(count));
  }
}

Result<void> write_atomic(const std::string& path, std::string_view content, unsigned mode) {
  const std::string part = path + ".new";
  if (auto written = write_to(part, content, mode, O_TRUNC); !written) return written;
  if (rename(part.c_str(), path.c_str()) != 0) return fail_errno("write " + path, errno);
  return {};
}

Result<void> write_file(const std::string& path, std::string_view content, unsigned mode) {
  return write_to(path, content, mode, O_TRUNC);
}

Result<void> make_directories(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0) return {};
  if (errno == ENOENT) {
    const std::string parent = fs::path(path).parent_path().string();
    if (parent.empty() || parent == path) return fail_errno("create " + path, ENOENT);
    if (auto made = make_directories(parent); !made) return made;
    if (mkdir(path.c_str(), 0700) == 0) return {};
  }
  const int why = errno;
  std::error_code error;
  if (why == EEXIST && fs::is_directory(path, error)) return {};
  return fail_errno("create " + path, why == EEXIST ? ENOTDIR : why);
}

Result<void> remove_tree(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (!error) return {};
  make_writable(path);
  error.clear();
  fs::remove_all(path, error);
  if (error) return fail(Errc::PermissionDenied, "remove " + path + ": " + error.message());
  return {};
}

}  // namespace axon::cli
