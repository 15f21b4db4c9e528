#include "entrypoint/install.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "core/contract.hpp"
#include "entrypoint/descriptor.hpp"
#include "entrypoint/workspace/beneath.hpp"

namespace axon {
namespace {

constexpr const char* kName = "axon-entrypoint";

Result<void> copy_program(const std::string& from, const std::string& to) {
  const Descriptor source(open(from.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (!source || fstat(source.get(), &status) != 0) return fail_errno("read " + from, errno);
  const Descriptor target(open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755));
  if (!target) return fail_errno("write " + to, errno);
  for (off_t rest = status.st_size; rest > 0;) {
    const ssize_t count = sendfile(target.get(), source.get(), nullptr, static_cast<std::size_t>(rest));
    if (count <= 0) return fail_errno("write " + to, count == 0 ? EIO : errno);
    rest -= count;
  }
  if (fchmod(target.get(), 0755) != 0) return fail_errno("write " + to, errno);  // whatever the umask is
  return {};
}

}  // namespace

Result<void> install_program(const std::string& program, const std::string& directory) {
  if (Result<void> made = make_directories(directory); !made) return made;
  const std::string suffix = ".new-" + std::to_string(getpid());
  const std::string copy = directory + "/" + kName + suffix;
  if (Result<void> copied = copy_program(program, copy); !copied) {
    unlink(copy.c_str());
    return copied;
  }
  if (rename(copy.c_str(), (directory + "/" + kName).c_str()) != 0) return fail_errno("rename " + copy, errno);
  const std::string link = directory + "/gh" + suffix;
  if (symlink(kName, link.c_str()) != 0) return fail_errno("link " + link, errno);
  if (rename(link.c_str(), (directory + "/gh").c_str()) != 0) return fail_errno("rename " + link, errno);
  return {};
}

int install_command(std::span<const std::string> args) {
  if (args.size() != 1 || args.front().starts_with('-')) {
    std::fputs("usage: axon-entrypoint install DIR\n", stderr);
    return contract::exit_code::kUsage;
  }
  const Result<void> installed = install_program("/proc/self/exe", args.front());
  if (installed) return contract::exit_code::kSucceeded;
  std::fprintf(stderr, "axon-entrypoint install: %s\n", installed.error().message.c_str());
  return 1;
}

}  // namespace axon
