#include "entrypoint/report_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "core/contract.hpp"
#include "entrypoint/files.hpp"

namespace axon {
namespace {

enum class Kind { None, File, Other };

Kind kind_of(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return Kind::None;
  return S_ISREG(status.st_mode) ? Kind::File : Kind::Other;
}

}  // namespace

ReportFile::ReportFile(const Environment& env) {
  const auto found = env.find(std::string(contract::env::kTerminationLog));
  asked_for_ = found != env.end() && !found->second.empty();
  path_ = asked_for_ ? found->second : std::string(contract::kTerminationLog);
  ours_ = asked_for_ && kind_of(path_) != Kind::Other;  // not where /dev/stdout or the like was asked for
}

Result<void> ReportFile::write(std::string_view json) const {
  if (ours_ && kind_of(path_) == Kind::Other) ::unlink(path_.c_str());
  Result<void> written = overwrite_in_place(path_, json, asked_for_);
  const bool denied = !written && written.error().code == Errc::PermissionDenied;
  if (denied && ours_ && ::unlink(path_.c_str()) == 0) written = overwrite_in_place(path_, json, asked_for_);
  if (!written && !asked_for_ && written.error().code == Errc::NotFound) return {};
  return written;
}

}  // namespace axon
