// The subcommands: each adds its options to the program and returns what it does once they are parsed.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "core/result.hpp"

namespace axon::cli {

/// A subcommand and its action; the action gives the exit code. A failure is printed as "axon: MESSAGE", exit code 1.
struct Command {
  CLI::App* app = nullptr;
  std::function<Result<int>()> act;
};

Command add_init(CLI::App& program);
Command add_run(CLI::App& program);
Command add_get(CLI::App& program);
Command add_logs(CLI::App& program);
Command add_create(CLI::App& program);
Command add_delete(CLI::App& program);
Command add_doctor(CLI::App& program);
Command add_suspend(CLI::App& program);
Command add_resume(CLI::App& program);
Command add_cost(CLI::App& program);
Command add_names(CLI::App& program);
Command add_install(CLI::App& program);
Command add_uninstall(CLI::App& program);
Command add_version(CLI::App& program);
Command add_completion(CLI::App& program);

/// What all cluster commands will be; until then --local is required.
Result<void> require_local(bool local, const std::string& command);

}  // namespace axon::cli
