#include "adapters/manifest/plan.hpp"

#include <algorithm>

#include "adapters/config/marked_block.hpp"
#include "adapters/manifest/text.hpp"
#include "adapters/prompt.hpp"

namespace axon::manifest {
namespace {

// Linux's MAX_ARG_STRLEN with its terminating NUL: a longer argument stops exec.
constexpr std::size_t kArgumentLimit = 131'071;

constexpr std::string_view kPromptFile = "~/.axon/prompt.md";

using Values = std::map<std::string, std::string>;

Result<void> check_prompt(const Manifest& manifest, const std::string& prompt) {
  if (Result<void> there = require_prompt(prompt); !there) return there;
  if (manifest.prompt != PromptBy::Argument) return {};
  if (prompt.size() > kArgumentLimit) {
    return fail(Errc::InvalidInput, "prompt: " + std::to_string(prompt.size()) + " bytes; the agent " + manifest.name +
                                        " takes it as an argument, which holds " + std::to_string(kArgumentLimit) +
                                        "; shorten it, or let the manifest say prompt: stdin or file");
  }
  if (prompt.contains('\0')) return fail(Errc::InvalidInput, "prompt: has a NUL byte, which no argument can hold");
  return {};
}

/// Without a file of its own the agent reads its instructions in front of the prompt.
std::string whole_prompt(const Manifest& manifest, const AgentTask& task) {
  if (manifest.instructions || task.instructions.empty()) return task.prompt;
  return task.instructions + (task.instructions.ends_with('\n') ? "\n" : "\n\n") + task.prompt;
}

Result<void> add_instructions(const Manifest& manifest, const AgentTask& task, const FileView& files, Launch& launch,
                              Values& values) {
  if (!manifest.instructions) return {};
  Result<std::string> path = expand_path(manifest.instructions->file, task.env);
  if (!path) return wrap("instructions.file", std::move(path).error());
  if (!task.instructions.empty()) values["instructionsFile"] = *path;
  if (manifest.instructions->replace) {
    if (!task.instructions.empty()) launch.files.push_back({*path, task.instructions, 0644});
    return {};
  }
  Result<std::optional<std::string>> existing = files.read(*path);
  if (!existing) return std::unexpected(std::move(existing).error());
  const std::string before = existing->value_or("");
  Result<std::string> after = config::with_block(before, task.instructions, *path);
  if (!after) return std::unexpected(std::move(after).error());
  if (task.instructions.empty() && *after == before) return {};
  launch.files.push_back({*path, *std::move(after), 0644});
  return {};
}

Result<void> add_prompt(const Manifest& manifest, const AgentTask& task, Launch& launch, Values& values) {
  std::string prompt = whole_prompt(manifest, task);
  if (Result<void> checked = check_prompt(manifest, prompt); !checked) return checked;
  if (manifest.prompt == PromptBy::Stdin)
    launch.stdin_bytes = std::move(prompt);
  else if (manifest.prompt == PromptBy::Argument)
    values["prompt"] = std::move(prompt);
  else {
    Result<std::string> path = expand_path(kPromptFile, task.env);
    if (!path) return wrap("prompt", std::move(path).error());
    values["promptFile"] = *path;
    launch.files.push_back({*std::move(path), std::move(prompt), 0600});
  }
  return {};
}

Result<void> add_mcp(const Manifest& manifest, const AgentTask& task, const FileView& files, Launch& launch,
                     Values& values) {
  if (task.mcp_servers.empty()) return {};
  Result<File> file = mcp_file(manifest, task, files);
  if (!file) return std::unexpected(std::move(file).error());
  values["mcpFile"] = file->path;
  launch.files.push_back(*std::move(file));
  return {};
}

void add_words(const Arguments& group, const Values& values, std::vector<std::string>& argv) {
  for (const std::string& word : group.words) argv.push_back(fill(word, values));
}

std::vector<std::string> command_line(const Manifest& manifest, const AgentTask& task, Values values) {
  std::vector<std::string> argv;
  for (const Arguments& group : manifest.command) {
    const bool is_there = group.when == When::Always || (group.when == When::Model && !task.model.empty()) ||
                          (group.when == When::Mcp && values.contains("mcpFile")) ||
                          (group.when == When::Instructions && values.contains("instructionsFile"));
    if (is_there) add_words(group, values, argv);
    if (group.when != When::Plugin) continue;
    for (const Plugin& plugin : task.plugins) {
      values["pluginDir"] = plugin.directory;
      add_words(group, values, argv);
    }
  }
  return argv;
}

Environment environment(const Manifest& manifest, const Values& values) {
  Environment env;
  for (const auto& [name, value] : manifest.env) {
    const std::set<std::string> needed = placeholders(value);
    if (std::ranges::all_of(needed, [&](const std::string& p) { return values.contains(p); }))
      env[name] = fill(value, values);
  }
  return env;
}

}  // namespace

Result<Launch> plan(const Manifest& manifest, const AgentTask& task, const FileView& files) {
  Launch launch;
  Values values;
  if (!task.model.empty()) values["model"] = task.model;
  if (!task.model.empty() && !mentions(manifest, "model")) {
    return fail(Errc::InvalidInput, "model: the agent " + manifest.name + " takes none; leave it out of the Task");
  }
  if (task.prompt.empty()) return fail(Errc::InvalidInput, "prompt: empty; expected the text of the task");
  if (auto added = add_prompt(manifest, task, launch, values); !added) return std::unexpected(added.error());
  if (auto added = add_instructions(manifest, task, files, launch, values); !added)
    return std::unexpected(added.error());
  if (auto added = add_mcp(manifest, task, files, launch, values); !added) return std::unexpected(added.error());
  Result<std::vector<File>> plugins = plugin_files(manifest, task, files);
  if (!plugins) return std::unexpected(std::move(plugins).error());
  launch.files.insert(launch.files.end(), plugins->begin(), plugins->end());
  launch.argv = command_line(manifest, task, values);
  launch.env = environment(manifest, values);
  return launch;
}

}  // namespace axon::manifest
