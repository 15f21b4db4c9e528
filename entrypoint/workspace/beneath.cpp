#include "entrypoint/workspace/beneath.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <vector>

#include "core/names.hpp"
#include "entrypoint/write_all.hpp"

namespace axon {
namespace {

std::vector<std::string> components(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (!part.empty() && part != ".") parts.emplace_back(part);
    path = slash == std::string_view::npos ? "" : path.substr(slash + 1);
  }
  return parts;
}

std::unexpected<Error> refused(const std::string& doing, int error_number) {
  // O_NOFOLLOW with O_DIRECTORY reports a link as ENOTDIR.
  if (error_number == ELOOP || error_number == ENOTDIR) {
    return fail(Errc::InvalidInput, doing + ": part of the path is a symbolic link or a file, not a directory");
  }
  return fail_errno(doing, error_number);
}

/// Replaces the name instead of writing into the file: what is there may be read-only or have other hard links.
Result<Descriptor> replace_file(int directory, const std::string& name, unsigned mode, const std::string& path) {
  struct stat old{};
  if (fstatat(directory, name.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0) {
    if (!S_ISREG(old.st_mode)) {
      return fail(Errc::InvalidInput, "write " + path + ": there is something else than a regular file already");
    }
    mode = old.st_mode & 0777U;
    if (unlinkat(directory, name.c_str(), 0) != 0) return refused("write " + path, errno);
  }
  Descriptor file(openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file) return refused("write " + path, errno);
  return file;
}

/// The directory that the last of these names is in.
Result<Descriptor> open_parent(const std::string& root, const std::vector<std::string>& parts, bool create,
                               const std::string& doing) {
  Descriptor directory(open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return fail_errno("open " + root, errno);
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (create && mkdirat(directory.get(), parts[i].c_str(), 0755) != 0 && errno != EEXIST) {
      return refused(doing, errno);
    }
    directory = Descriptor(openat(directory.get(), parts[i].c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory) return refused(doing, errno);
  }
  return directory;
}

}  // namespace

Result<Descriptor> replace_beneath(const std::string& root, const std::string& path, unsigned mode) {
  if (const std::string problem = relative_path_problem(path); !problem.empty()) {
    return fail(Errc::InvalidInput, "write \"" + path + "\": " + problem);
  }
  const std::vector<std::string> parts = components(path);
  if (parts.empty()) return fail(Errc::InvalidInput, "write \"" + path + "\": it names no file");
  const Result<Descriptor> directory = open_parent(root, parts, /*create=*/true, "write " + path);
  if (!directory) return std::unexpected(directory.error());
  return replace_file(directory->get(), parts.back(), mode, path);
}

Result<void> write_beneath(const std::string& root, const std::string& path, std::string_view content, unsigned mode) {
  const Result<Descriptor> file = replace_beneath(root, path, mode);
  if (!file) return std::unexpected(file.error());
  return write_all(file->get(), content, path);
}

Result<Descriptor> open_beneath(const std::string& root, const std::string& path) {
  const std::vector<std::string> parts = components(path);
  if (parts.empty()) return fail(Errc::InvalidInput, "read \"" + path + "\": it names no file");
  const Result<Descriptor> directory = open_parent(root, parts, /*create=*/false, "read " + path);
  if (!directory) return std::unexpected(directory.error());
  // A pipe or a device in the file's place must not be waited for.
  Descriptor file(openat(directory->get(), parts.back().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (!file || fstat(file.get(), &status) != 0) return refused("read " + path, errno);
  if (!S_ISREG(status.st_mode)) return fail(Errc::InvalidInput, "read " + path + ": not a regular file");
  return file;
}

Result<void> make_directories(const std::string& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  const int error_number = failed ? failed.value() : (access(path.c_str(), W_OK | X_OK) == 0 ? 0 : errno);
  if (error_number == 0) return {};
  if (error_number == EACCES || error_number == EROFS || error_number == EPERM) {
    return fail(Errc::PermissionDenied, path + " is not writable for user " + std::to_string(geteuid()) +
                                            ": mount a volume there that this user or group may write");
  }
  return fail_errno("create directory " + path, error_number);
}

Result<std::string> read_small_file(const std::string& path) {
  constexpr std::size_t kLimit = std::size_t{64} << 20U;
  // An agent may have put a pipe or a device in the file's place: PID 1 must not wait for it.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return fail_errno("read " + path, errno);
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return fail_errno("read " + path, errno);
  if (!S_ISREG(status.st_mode)) return fail(Errc::InvalidInput, "read " + path + ": not a regular file");
  return read_to_end(file.get(), kLimit, path);
}

Result<std::string> read_to_end(int file, std::size_t limit, const std::string& path) {
  std::string text;
  std::array<char, 16384> buffer{};
  for (;;) {
    const ssize_t count = read(file, buffer.data(), buffer.size());
    if (count < 0 && errno != EINTR) return fail_errno("read " + path, errno);
    if (count == 0) return text;
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > limit)
      return fail(Errc::InvalidInput, "read " + path + ": longer than " + std::to_string(limit >> 20U) + " MiB");
  }
}

}  // namespace axon
