// What may fail returns Result<T>. Its Error says what went wrong in one sentence for people, with the context in
// front ("load task: read /axon/task/task.json: not found"); the code says what a caller may do about it.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace axon {

enum class Errc {
  InvalidInput,  // what the user gave is wrong; trying again does not help
  NotFound,
  AlreadyExists,
  Conflict,  // somebody else was faster: read again, decide again
  Expired,   // what was asked for is no longer kept: begin anew
  PermissionDenied,
  Unauthorized,  // a credential was refused
  Unavailable,   // network or server trouble; trying again may help
  TimedOut,
  NoSpace,  // disk or quota is full
  Internal,
};

struct Error {
  Errc code = Errc::Internal;
  std::string message;

  bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Errc code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

/// The same failure with what was being done in front of it.
inline std::unexpected<Error> wrap(std::string_view doing, Error error) {
  error.message.insert(0, std::string(doing) + ": ");
  return std::unexpected(std::move(error));
}

/// The code that fits an errno value.
Errc errc_from_errno(int error_number);

/// "DOING: No such file or directory", with the code that fits errno.
std::unexpected<Error> fail_errno(std::string_view doing, int error_number);

}  // namespace axon
