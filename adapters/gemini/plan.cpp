#include "adapters/config/marked_block.hpp"
#include "adapters/gemini/extensions.hpp"
#include "adapters/gemini/files.hpp"
#include "adapters/gemini/gemini.hpp"
#include "adapters/gemini/instructions.hpp"
#include "adapters/gemini/settings.hpp"
#include "adapters/prompt.hpp"

namespace axon::gemini {
namespace {

// It cuts its standard input here, with a warning that nobody sees.
constexpr std::size_t kMaxPrompt = std::size_t{8} * 1024 * 1024;

Result<void> check_prompt(const std::string& prompt) {
  if (Result<void> there = require_prompt(prompt); !there) return there;
  if (prompt.size() > kMaxPrompt) return fail(Errc::InvalidInput, "prompt: Gemini CLI takes at most 8 MiB");
  return {};
}

std::vector<std::string> command_line(const AgentTask& task) {
  std::vector<std::string> argv = {"gemini", "--yolo", "--skip-trust", "--output-format", "stream-json"};
  if (!task.model.empty()) argv.insert(argv.end(), {"--model", task.model});
  return argv;
}

Environment environment(const AgentTask& task) {
  Environment env = {
      {"GEMINI_CLI_NO_RELAUNCH", "true"},      // its parent process would swallow our signals
      {"GEMINI_CLI_TRUST_WORKSPACE", "true"},  // else it exits with 55
      {"TERM", "xterm-256color"},
      {"COLORTERM", "truecolor"},  // else it complains on standard error
  };
  std::erase_if(env, [&](const auto& variable) { return task.env.contains(variable.first); });
  return env;
}

Result<void> add_instructions(const AgentTask& task, const FileView& files, Launch& launch) {
  const std::string path = instructions_file(task);
  Result<std::optional<std::string>> existing = files.read(path);
  if (!existing) return std::unexpected(std::move(existing).error());
  const std::string before = existing->value_or("");
  Result<std::string> after = config::with_block(before, without_imports(task.instructions), path);
  if (!after) return std::unexpected(std::move(after).error());
  if (task.instructions.empty() && *after == before) return {};
  launch.files.push_back({path, *std::move(after), 0644});
  return {};
}

Result<void> add_settings(const AgentTask& task, const FileView& files, Launch& launch) {
  const std::string path = settings_file(task);
  Result<std::optional<std::string>> existing = files.read(path);
  if (!existing) return std::unexpected(std::move(existing).error());
  Result<std::string> content = with_settings(existing->value_or(""), task, path);
  if (!content) return std::unexpected(std::move(content).error());
  launch.files.push_back({path, *std::move(content), 0600});
  return {};
}

}  // namespace

Result<Launch> plan(const AgentTask& task, const FileView& files) {
  const std::string prompt = no_command(task.prompt);
  if (Result<void> good = check_prompt(prompt); !good) return std::unexpected(good.error());
  Launch launch;
  launch.stdin_bytes = prompt;
  launch.argv = command_line(task);
  launch.env = environment(task);
  if (Result<void> added = add_instructions(task, files, launch); !added) return std::unexpected(added.error());
  if (Result<void> added = add_settings(task, files, launch); !added) return std::unexpected(added.error());
  if (Result<void> added = add_extensions(task, files, launch); !added) return std::unexpected(added.error());
  return launch;
}

}  // namespace axon::gemini
