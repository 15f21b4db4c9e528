#include "adapters/config/marked_block.hpp"
#include "adapters/opencode/credential.hpp"
#include "adapters/opencode/files.hpp"
#include "adapters/opencode/opencode.hpp"
#include "adapters/opencode/plugins.hpp"
#include "adapters/opencode/servers.hpp"
#include "adapters/prompt.hpp"

namespace axon::opencode {
namespace {

std::vector<std::string> command_line(const AgentTask& task) {
  // --auto: what is asked is allowed; what its settings deny stays denied. --title: else a request of its own finds
  // one. The log: neither retries nor why it cannot start are in its stream.
  std::vector<std::string> argv = {"opencode", "run",       "--format",     "json",        "--auto",
                                   "--title",  "Axon task", "--print-logs", "--log-level", "ERROR"};
  if (!task.model.empty()) argv.insert(argv.end(), {"--model", task.model});
  return argv;
}

Environment environment(const AgentTask& task) {
  Environment env = {{"OPENCODE_DISABLE_AUTOUPDATE", "1"},
                     {"OPENCODE_DISABLE_MODELS_FETCH", "1"},
                     {"OPENCODE_DISABLE_SHARE", "1"},
                     {"OPENCODE_DISABLE_TERMINAL_TITLE", "1"}};
  std::erase_if(env, [&](const auto& variable) { return task.env.contains(variable.first); });
  env["PWD"] = task.working_directory;  // it believes this rather than its working directory
  return env;
}

Result<void> add_instructions(const AgentTask& task, const FileView& files, Launch& launch) {
  const std::string path = config_directory(task) + "/AGENTS.md";
  Result<std::optional<std::string>> existing = files.read(path);
  if (!existing) return std::unexpected(std::move(existing).error());
  const std::string before = existing->value_or("");
  Result<std::string> after = config::with_block(before, task.instructions, path);
  if (!after) return std::unexpected(std::move(after).error());
  if (task.instructions.empty() && *after == before) return {};
  launch.files.push_back({path, *std::move(after), 0644});
  return {};
}

}  // namespace

Result<Launch> plan(const AgentTask& task, const FileView& files) {
  if (Result<void> there = require_prompt(task.prompt); !there) return std::unexpected(there.error());
  Launch launch;
  launch.argv = command_line(task);
  launch.env = environment(task);
  launch.stdin_bytes = task.prompt;
  add_credential(task, launch);
  for (const auto add : {add_instructions, add_servers, add_plugins}) {
    if (Result<void> added = add(task, files, launch); !added) return std::unexpected(std::move(added).error());
  }
  return launch;
}

}  // namespace axon::opencode
