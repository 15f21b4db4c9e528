#include "entrypoint/workspace/git.hpp"

#include <array>

#include "http/url.hpp"

namespace axon::git {
namespace {

Errc errc_of(const Failure& failure) {
  if (failure.message.contains("No space left") || failure.message.contains("quota exceeded")) return Errc::NoSpace;
  if (failure.message.contains("Permission denied") || failure.message.contains("Read-only file system")) {
    return Errc::PermissionDenied;
  }
  switch (failure.code) {
    case GIT_ENOTFOUND:
      return Errc::NotFound;
    case GIT_EAUTH:
      return Errc::Unauthorized;
    case GIT_ECONFLICT:
    case GIT_EINVALIDSPEC:
      return Errc::InvalidInput;
    case GIT_TIMEOUT:
      return Errc::TimedOut;
    default:
      return failure.klass == GIT_ERROR_NET ? Errc::Unavailable : Errc::Internal;
  }
}

}  // namespace

Failure last_failure(int code) {
  const git_error* error = git_error_last();
  if (error == nullptr) return {code, GIT_ERROR_NONE, ""};
  return {code, error->klass, error->message == nullptr ? "" : error->message};
}

std::unexpected<Error> failed(std::string_view doing, int code) {
  const Failure failure = last_failure(code);
  return fail(errc_of(failure), std::string(doing) + ": " + http::redact_urls(failure.message));
}

std::string hex(const git_oid& oid) {
  std::array<char, GIT_OID_SHA1_HEXSIZE> text{};
  git_oid_fmt(text.data(), &oid);
  return {text.data(), text.size()};
}

git_oid oid_of(const std::string& hex) {
  git_oid oid{};
  if (git_oid_fromstr(&oid, hex.c_str()) != 0) return git_oid{};
  return oid;
}

}  // namespace axon::git
