#include "entrypoint/workspace/local_objects.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "entrypoint/descriptor.hpp"
#include "entrypoint/workspace/beneath.hpp"

namespace axon {
namespace {

namespace fs = std::filesystem;

Result<void> copy_file(const std::string& from, const std::string& to) {
  const Descriptor source(open(from.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status{};
  if (!source || fstat(source.get(), &status) != 0) return fail_errno("read " + from, errno);
  const Descriptor target(open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444));
  if (!target) {
    if (errno == EEXIST) return {};  // objects are named by their content
    return fail_errno("write " + to, errno);
  }
  if (copy_bytes(source.get(), target.get(), status.st_size)) return {};
  const int error_number = errno;
  unlink(to.c_str());
  return fail_errno("copy " + from, error_number);
}

/// The source's own alternates, which may be relative to it.
Result<void> write_alternates(const std::string& source, const std::string& target) {
  const Result<std::string> text = read_small_file(source + "/objects/info/alternates");
  if (!text) return {};
  std::string absolute;
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = std::min(text->find('\n', at), text->size());
    const std::string line = text->substr(at, end - at);
    at = end + 1;
    if (line.empty() || line.starts_with('#')) continue;
    absolute +=
        (line.starts_with('/') ? line : fs::path(source + "/objects/" + line).lexically_normal().string()) + "\n";
  }
  return absolute.empty() ? Result<void>() : write_beneath(target, "objects/info/alternates", absolute);
}

}  // namespace

bool copy_bytes(int from, int to, off_t size) {
  if (ioctl(to, FICLONE, from) == 0) return true;
  bool copies = true;  // copy_file_range fails across some file systems; sendfile does not
  while (size > 0) {
    ssize_t count = copies ? copy_file_range(from, nullptr, to, nullptr, static_cast<std::size_t>(size), 0) : -1;
    if (count < 0 && errno != ENOSPC) {
      copies = false;
      count = sendfile(to, from, nullptr, static_cast<std::size_t>(size));
    }
    if (count < 0) return false;
    if (count == 0) break;  // it became shorter
    size -= count;
  }
  return true;
}

Result<void> copy_objects(const std::string& source, const std::string& target, const std::function<void()>& advanced) {
  const fs::path from = source + "/objects";
  std::error_code failed;
  for (fs::recursive_directory_iterator it(from, failed), end; !failed && it != end; it.increment(failed)) {
    const std::string relative = it->path().string().substr(from.string().size());
    const std::string to = target + "/objects" + relative;
    if (it->is_symlink(failed)) return fail(Errc::InvalidInput, it->path().string() + " is a symbolic link");
    if (it->is_directory(failed)) {
      if (mkdir(to.c_str(), 0755) != 0 && errno != EEXIST) return fail_errno("create " + to, errno);
      continue;
    }
    if (relative == "/info/alternates" || it->path().filename().string().starts_with("tmp_")) continue;
    if (Result<void> copied = copy_file(it->path().string(), to); !copied) return copied;
    advanced();
  }
  if (failed) return fail_errno("read " + from.string(), failed.value());
  if (const Result<std::string> shallow = read_small_file(source + "/shallow")) {
    if (Result<void> written = write_beneath(target, "shallow", *shallow); !written) return written;
  }
  return write_alternates(source, target);
}

}  // namespace axon
