// What this machine has: its programs, its system directories, whether bubblewrap works.
#pragma once

#include <string>

#include "cli/run_options.hpp"
#include "cli/sandbox.hpp"
#include "core/launch.hpp"
#include "core/result.hpp"

namespace axon::cli {

Environment caller_environment();

/// The value, or "" where it is not set.
std::string value_of(const Environment& env, const std::string& name);

/// AXON_ENTRYPOINT, else axon-entrypoint beside this program, else in PATH.
Result<std::string> find_entrypoint(const Environment& env);

/// The system part of a sandbox: bwrap and the directories that programs live in, as they are here.
SandboxSpec host_sandbox(const std::string& path);

/// Tries bubblewrap once. Fails with why it does not work here, and names --sandbox none.
Result<void> check_sandbox(const SandboxSpec& host);

}  // namespace axon::cli
