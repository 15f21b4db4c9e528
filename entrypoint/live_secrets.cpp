#include "entrypoint/live_secrets.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "core/letters.hpp"
#include "entrypoint/descriptor.hpp"

namespace axon {
namespace {

// A token is replaced once an hour, so this is days; it bounds what a file that is written to all the time can cost.
constexpr std::size_t kMostRemembered = 64;
constexpr std::size_t kLongestToken = std::size_t{64} * 1024;

}  // namespace

LiveSecrets::LiveSecrets(std::vector<Secret> secrets, std::string file)
    : secrets_(std::move(secrets)), file_(std::move(file)) {
  rebuild();
}

const std::shared_ptr<const SecretPatterns>& LiveSecrets::patterns() {
  struct stat status{};
  if (!file_.empty() && ::stat(file_.c_str(), &status) == 0 && stamp_of(status) != stamp_) read_file();
  return patterns_;
}

LiveSecrets::Stamp LiveSecrets::stamp_of(const struct stat& status) {
  return {status.st_dev, status.st_ino, status.st_size,
          std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

void LiveSecrets::read_file() {
  const Descriptor file(::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  stamp_ = stamp_of(status);  // before reading: what is written from now on is seen at the next call
  std::string text(kLongestToken, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t n = ::read(file.get(), text.data() + filled, text.size() - filled);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    filled += static_cast<std::size_t>(n);
  }
  const Secret token{std::string(trimmed(std::string_view(text).substr(0, filled)))};
  if (token.empty() || std::ranges::find(from_file_, token) != from_file_.end()) return;
  if (from_file_.size() == kMostRemembered) from_file_.erase(from_file_.begin());
  from_file_.push_back(token);
  rebuild();
}

void LiveSecrets::rebuild() {
  std::vector<Secret> all = secrets_;
  all.insert(all.end(), from_file_.begin(), from_file_.end());
  patterns_ = std::make_shared<const SecretPatterns>(all);
}

}  // namespace axon
