#include "entrypoint/report_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/contract.hpp"
#include "entrypoint/descriptor.hpp"
#include "entrypoint/write_all.hpp"

namespace axon {
namespace {

enum class Kind { None, File, Other };

Kind kind_of(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return Kind::None;
  return S_ISREG(status.st_mode) ? Kind::File : Kind::Other;
}

/// So that a reader sees one of the two reports, whenever this process is killed. The path may be a bind mount. Fails
/// with NotFound if there is no such file and `create` is false.
Result<void> overwrite_in_place(const std::string& path, std::string_view content, bool create) {
  const int flags = O_WRONLY | O_CLOEXEC | O_NONBLOCK | (create ? O_CREAT : 0);  // a pipe that nobody reads: an error
  const Descriptor fd(::open(path.c_str(), flags, 0600));
  if (!fd) return fail_errno("open " + path, errno);
  struct stat old{};
  std::string padded(content);
  // One write that also blanks the rest of the old report: a kill before the truncation leaves valid JSON.
  if (::fstat(fd.get(), &old) == 0 && S_ISREG(old.st_mode) && static_cast<std::size_t>(old.st_size) > padded.size()) {
    padded.resize(static_cast<std::size_t>(old.st_size), ' ');
  }
  if (Result<void> written = write_all(fd.get(), padded, path); !written) return written;
  if (padded.size() != content.size() && ::ftruncate(fd.get(), static_cast<off_t>(content.size())) != 0) {
    return fail_errno("truncate " + path, errno);
  }
  return {};
}

}  // namespace

ReportFile::ReportFile(const Environment& env) {
  const auto found = env.find(std::string(contract::env::kTerminationLog));
  asked_for_ = found != env.end() && !found->second.empty();
  path_ = asked_for_ ? found->second : std::string(contract::kTerminationLog);
  ours_ = asked_for_ && kind_of(path_) != Kind::Other;  // not where /dev/stdout or the like was asked for
}

Result<void> ReportFile::write(const Report& report) const {
  const std::string json = to_json(report, contract::kReportLimit);
  if (ours_ && kind_of(path_) == Kind::Other) ::unlink(path_.c_str());
  Result<void> written = overwrite_in_place(path_, json, asked_for_);
  const bool denied = !written && written.error().code == Errc::PermissionDenied;
  if (denied && ours_ && ::unlink(path_.c_str()) == 0) written = overwrite_in_place(path_, json, asked_for_);
  if (!written && !asked_for_ && written.error().code == Errc::NotFound) return {};
  return written;
}

}  // namespace axon
