#include "entrypoint/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "entrypoint/descriptor.hpp"
#include "entrypoint/write_all.hpp"

namespace axon {
namespace {

namespace fs = std::filesystem;

Result<void> make_parents(const std::string& path) {
  std::error_code error;
  const fs::path parent = fs::path(path).parent_path();
  fs::create_directories(parent, error);
  if (error) return fail_errno("create directory " + parent.string(), error.value());
  return {};
}

Result<void> replace_by_rename(const File& file) {
  std::string temporary = file.path + ".axon-XXXXXX";
  const Descriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return fail_errno("create " + file.path, errno);
  Result<void> written = write_all(fd.get(), file.content, file.path);
  if (written && ::fchmod(fd.get(), file.mode) != 0) written = fail_errno("set the mode of " + file.path, errno);
  if (written && ::rename(temporary.c_str(), file.path.c_str()) != 0)
    written = fail_errno("replace " + file.path, errno);
  if (!written) ::unlink(temporary.c_str());
  return written;
}

Result<void> replace_in_place(const File& file) {
  const Descriptor fd(::open(file.path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  if (!fd) return fail_errno("open " + file.path, errno);
  return write_all(fd.get(), file.content, file.path);
}

bool is_mount_point(const std::string& path) {
  // rename(2) onto a mount point is EBUSY; asked first, because the temporary file beside it may not be possible
  // either.
  struct stat own{};
  struct stat parent{};
  return ::stat(path.c_str(), &own) == 0 && ::stat(fs::path(path).parent_path().c_str(), &parent) == 0 &&
         own.st_dev != parent.st_dev;
}

}  // namespace

Result<bool> RealFiles::read_chunks(const std::string& path, const std::function<void(std::string_view)>& sink) const {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return fail_errno("read " + path, errno);
  }
  std::array<char, 65536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
  while (true) {
    const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("read " + path, errno);
    if (n == 0) return true;
    if (is_late()) return fail(Errc::TimedOut, "read " + path + ": it takes too long");
    sink(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
  }
}

Result<std::optional<std::string>> RealFiles::read(const std::string& path) const {
  std::string content;
  const Result<bool> found = read_chunks(path, [&](std::string_view chunk) { content += chunk; });
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return content;
}

Result<std::string> RealFiles::read_at(const std::string& path, std::uint64_t offset, std::size_t size) const {
  if (is_late()) return fail(Errc::TimedOut, "read " + path + ": it takes too long");
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR) return std::string();
    return fail_errno("read " + path, errno);
  }
  std::string bytes(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t n = ::pread(fd.get(), bytes.data() + filled, size - filled, static_cast<off_t>(offset + filled));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("read " + path, errno);
    if (n == 0) break;
    filled += static_cast<std::size_t>(n);
  }
  bytes.resize(filled);
  return bytes;
}

std::vector<std::string> RealFiles::list(const std::string& directory) const {
  std::vector<std::string> paths;
  std::error_code error;
  fs::recursive_directory_iterator it(directory, fs::directory_options::skip_permission_denied, error);
  for (const fs::recursive_directory_iterator end; !error && it != end && !is_late(); it.increment(error)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored)) paths.push_back(it->path().string());
  }
  std::ranges::sort(paths);
  return paths;
}

bool RealFiles::is_executable(const std::string& path) const {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IXUSR) != 0;
}

Result<void> write_file(const File& file) {
  const RealFiles files;
  if (const auto existing = files.read(file.path); existing && *existing && **existing == file.content) {
    ::chmod(file.path.c_str(), file.mode);
    return {};
  }
  if (Result<void> made = make_parents(file.path); !made) return made;
  return is_mount_point(file.path) ? replace_in_place(file) : replace_by_rename(file);
}

bool is_writable_directory(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  std::string probe = directory + "/.axon-XXXXXX";
  const Descriptor fd(::mkostemp(probe.data(), O_CLOEXEC));
  if (!fd) return false;
  ::unlink(probe.c_str());
  return true;
}

}  // namespace axon
