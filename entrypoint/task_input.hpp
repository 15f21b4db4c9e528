// What `run` is asked to do, from the task directory, the variables and the argument: the first that says something
// wins.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "adapters/adapter.hpp"
#include "core/contract.hpp"
#include "core/launch.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"

namespace axon {

struct RunInput {
  AgentTask task;
  Adapter adapter;
  std::string task_name;
  std::string branch;       // the branch that was asked for; empty: whatever is checked out
  std::string base_branch;  // empty: the remote's default branch
  std::vector<std::string> setup_command;
  std::optional<std::chrono::seconds> deadline;
  std::optional<std::chrono::seconds> stall;
  std::chrono::seconds grace{};
};

/// The environment with the variables of this dialect also under Axon's own names.
Environment in_our_words(const Environment& env, const contract::Dialect& dialect);

/// `argument` is the container's one argument. Fails with InvalidInput, and a sentence that names what is wrong.
Result<RunInput> read_input(const std::optional<std::string>& argument, const Environment& env, const FileView& files,
                            const std::string& working_directory);

/// Everything in the environment and the task that must not leave with the output; the token file is not looked at.
std::vector<Secret> secrets_of(const Environment& env, const std::vector<McpServer>& servers,
                               const std::vector<std::string>& credential_variables);

}  // namespace axon
