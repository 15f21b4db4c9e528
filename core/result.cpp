#include "core/result.hpp"

#include <cerrno>
#include <system_error>

namespace axon {

Errc errc_from_errno(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return Errc::NotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return Errc::PermissionDenied;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Errc::NoSpace;
    case ETIMEDOUT:
      return Errc::TimedOut;
    default:
      return Errc::Internal;
  }
}

std::unexpected<Error> fail_errno(std::string_view doing, int error_number) {
  return fail(errc_from_errno(error_number), std::string(doing) + ": " + std::generic_category().message(error_number));
}

}  // namespace axon
