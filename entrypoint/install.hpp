// `axon-entrypoint install DIR`: puts this program where an image that knows nothing of it can use it.
#pragma once

#include <span>
#include <string>

#include "core/result.hpp"

namespace axon {

/// The arguments without "install": the directory, which is made if it is not there.
int install_command(std::span<const std::string> args);

/// Copies `program` to DIRECTORY/axon-entrypoint and makes DIRECTORY/gh a link to it. What was there is replaced at
/// once: a program that runs from it goes on.
Result<void> install_program(const std::string& program, const std::string& directory);

}  // namespace axon
