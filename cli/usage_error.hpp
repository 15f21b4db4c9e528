// What is wrong with a command line, in words that say what to type instead. Pure.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace axon::cli {

/// `axon help run` is `axon run --help`. The program's own name is not among the arguments.
std::vector<std::string> with_help_flag(std::vector<std::string> arguments);

/// The word in the place of a command that is none: CLI11 says only that one is required, and of --help nothing.
std::optional<std::string> unknown_command(const CLI::App& program);

/// Of a command line that was refused, with the --help that tells more.
std::string explain_usage(const CLI::App& program, const CLI::ParseError& error);

}  // namespace axon::cli
