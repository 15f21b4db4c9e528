// A write that the kernel does in pieces, done to its end.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace axon {

/// Fails with the first error but EINTR; `path` is for its message.
Result<void> write_all(int fd, std::string_view bytes, const std::string& path);

}  // namespace axon
