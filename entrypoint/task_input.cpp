#include "entrypoint/task_input.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "adapters/manifest/manifest.hpp"
#include "core/contract.hpp"
#include "core/mcp.hpp"
#include "core/task_file.hpp"

namespace axon {
namespace {

namespace env_names = contract::env;

std::string value_of(const Environment& env, std::string_view name) {
  const auto found = env.find(std::string(name));
  return found == env.end() ? std::string() : found->second;
}

/// The sources of a Task, and the one rule between them.
class Sources {
 public:
  Sources(const Environment& env, const FileView& files) : env_(env), files_(files) {
    directory_ = value_of(env, env_names::kTaskDir);
    if (directory_.empty()) directory_ = contract::kTaskDir;
  }

  [[nodiscard]] std::string variable(std::string_view name) const { return value_of(env_, name); }
  [[nodiscard]] std::string path(std::string_view file) const { return directory_ + "/" + std::string(file); }

  [[nodiscard]] Result<std::optional<std::string>> file(std::string_view name) const { return files_.read(path(name)); }

  /// The file in the task directory if there is one, else the variable.
  [[nodiscard]] Result<std::string> file_or_variable(std::string_view name, std::string_view variable_name) const {
    const auto content = file(name);
    if (!content) return std::unexpected(content.error());
    return *content ? **content : variable(variable_name);
  }

 private:
  const Environment& env_;
  const FileView& files_;
  std::string directory_;
};

Result<TaskFile> read_task_file(const Sources& sources, const FileView& files) {
  const std::string directory = sources.variable(env_names::kTaskDir);
  if (!directory.empty() && files.list(directory).empty()) {
    return fail(Errc::InvalidInput, std::string(env_names::kTaskDir) + ": there is nothing in " + directory +
                                        "; mount the task directory there, or unset the variable");
  }
  const auto content = sources.file(contract::kTaskFile);
  if (!content) return std::unexpected(content.error());
  if (!*content) return TaskFile{};
  return parse_task_file(**content, sources.path(contract::kTaskFile));
}

Result<std::string> read_prompt(const Sources& sources, const std::optional<std::string>& argument) {
  const auto content = sources.file(contract::kPromptFile);
  if (!content) return std::unexpected(content.error());
  std::string prompt = *content ? **content : argument.value_or(sources.variable(env_names::kPrompt));
  if (prompt.find_first_not_of(" \t\r\n") == std::string::npos) {
    return fail(Errc::InvalidInput, "no prompt: give it as the one argument, in " +
                                        sources.path(contract::kPromptFile) + " or in " +
                                        std::string(env_names::kPrompt));
  }
  return prompt;
}

Result<std::vector<McpServer>> read_mcp(const Sources& sources) {
  const auto content = sources.file(contract::kMcpFile);
  if (!content) return std::unexpected(content.error());
  if (*content) return parse_mcp_servers(**content, sources.path(contract::kMcpFile));
  const std::string variable = sources.variable(env_names::kMcpServers);
  if (variable.empty()) return std::vector<McpServer>();
  return parse_mcp_servers(variable, std::string(env_names::kMcpServers));
}

Plugin& plugin_named(std::vector<Plugin>& plugins, const std::string& name, const std::string& root) {
  const auto found = std::ranges::find(plugins, name, &Plugin::name);
  if (found != plugins.end()) return *found;
  plugins.push_back({name, root + "/" + name, {}, {}});
  return plugins.back();
}

/// PLUGIN/skills/SKILL/SKILL.md and PLUGIN/agents/AGENT.md; other files go along with their plugin's directory.
std::vector<Plugin> read_plugins(const std::string& root, const FileView& files) {
  std::vector<Plugin> plugins;
  for (const std::string& path : files.list(root)) {
    const std::string relative = path.substr(root.size() + 1);
    const std::size_t slash = relative.find('/');
    if (slash == std::string::npos) continue;
    Plugin& plugin = plugin_named(plugins, relative.substr(0, slash), root);
    std::string_view rest = std::string_view(relative).substr(slash + 1);
    if (rest.starts_with("skills/") && rest.ends_with("/SKILL.md")) {
      rest.remove_prefix(7);
      rest.remove_suffix(9);
      if (!rest.contains('/')) plugin.skills.emplace_back(rest);
    } else if (rest.starts_with("agents/") && rest.ends_with(".md")) {
      rest.remove_prefix(7);
      rest.remove_suffix(3);
      if (!rest.contains('/')) plugin.agents.emplace_back(rest);
    }
  }
  return plugins;
}

Result<Adapter> read_manifest(const Sources& sources, const std::string& type, const FileView& files) {
  std::string path = sources.variable(env_names::kManifest);
  if (path.empty()) path = contract::kManifestPath;
  const auto content = files.read(path);
  if (!content) return std::unexpected(content.error());
  if (!*content) {
    std::string known;
    for (const Adapter& adapter : builtin_adapters()) known += (known.empty() ? "" : ", ") + adapter.name;
    const std::string what = type.empty() ? "no agent type: set " + std::string(env_names::kAgentType) + " to one of "
                                          : "unknown agent type \"" + type + "\": expected one of ";
    return fail(Errc::InvalidInput, what + known + ", or an agent manifest at " + path);
  }
  Result<Adapter> adapter = load_manifest(**content, path);
  if (adapter && !type.empty() && adapter->name != type) {
    return fail(Errc::InvalidInput, "agent type \"" + type + "\" was asked for, but " + path +
                                        " is the manifest of \"" + adapter->name + "\"");
  }
  return adapter;
}

Result<Adapter> find_adapter(const Sources& sources, const std::string& type, const FileView& files) {
  if (const Adapter* builtin = find_builtin_adapter(type)) return *builtin;
  return read_manifest(sources, type, files);
}

Result<std::optional<std::chrono::seconds>> read_seconds(const Sources& sources, std::string_view name,
                                                         const std::optional<std::int64_t>& from_file, int at_least) {
  if (from_file) return std::chrono::seconds(*from_file);
  const std::string text = sources.variable(name);
  if (text.empty()) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < at_least || number > 1'000'000'000) {
    return fail(Errc::InvalidInput, std::string(name) + ": expected a whole number of seconds of at least " +
                                        std::to_string(at_least) + ", found \"" + text + "\"");
  }
  return std::chrono::seconds(number);
}

Result<std::vector<std::string>> read_setup(const Sources& sources, const TaskFile& file) {
  const std::string text = sources.variable(env_names::kSetupCommand);
  if (!file.setup_command.empty() || text.empty()) return file.setup_command;
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  const bool valid =
      json.is_array() && !json.empty() && std::ranges::all_of(json, [](const auto& item) { return item.is_string(); });
  if (!valid) {
    return fail(Errc::InvalidInput, std::string(env_names::kSetupCommand) +
                                        R"(: expected a JSON array of strings such as ["make","deps"])");
  }
  return json.get<std::vector<std::string>>();
}

Result<void> read_times(const Sources& sources, const TaskFile& file, RunInput& input) {
  const auto deadline = read_seconds(sources, env_names::kDeadlineSeconds, file.deadline_seconds, 1);
  if (!deadline) return std::unexpected(deadline.error());
  const auto stall = read_seconds(sources, env_names::kStallSeconds, file.stall_seconds, 1);
  if (!stall) return std::unexpected(stall.error());
  const auto grace = read_seconds(sources, env_names::kGraceSeconds, file.grace_seconds, 0);
  if (!grace) return std::unexpected(grace.error());
  input.deadline = *deadline;
  input.stall = *stall;
  input.grace = grace->value_or(contract::kAgentGrace);
  return {};
}

Result<void> read_agent_task(const Sources& sources, const std::optional<std::string>& argument, const TaskFile& file,
                             const FileView& files, AgentTask& task) {
  auto prompt = read_prompt(sources, argument);
  if (!prompt) return std::unexpected(prompt.error());
  auto instructions = sources.file_or_variable(contract::kInstructionsFile, env_names::kAgentsMd);
  if (!instructions) return std::unexpected(instructions.error());
  auto servers = read_mcp(sources);
  if (!servers) return std::unexpected(servers.error());
  std::string plugins = sources.variable(env_names::kPluginDir);
  if (plugins.empty()) plugins = contract::kPluginDir;
  task.prompt = std::move(*prompt);
  task.instructions = std::move(*instructions);
  task.mcp_servers = std::move(*servers);
  task.plugins = read_plugins(plugins, files);
  task.model = file.model.empty() ? sources.variable(env_names::kModel) : file.model;
  return {};
}

bool names_a_secret(std::string_view name) {
  static constexpr std::string_view kEndings[] = {"_API_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_ACCESS_KEY"};
  return std::ranges::any_of(kEndings, [&](std::string_view ending) { return name.ends_with(ending); }) ||
         std::ranges::find(contract::kCredentialVariables, name) != contract::kCredentialVariables.end();
}

void add_values(const std::map<std::string, std::string>& map, std::vector<Secret>& secrets) {
  for (const auto& [name, value] : map) {
    secrets.emplace_back(value);
    // "Bearer TOKEN": the token alone must not appear either.
    if (const std::size_t space = value.rfind(' '); space != std::string::npos) {
      secrets.emplace_back(value.substr(space + 1));
    }
  }
}

}  // namespace

Environment in_our_words(const Environment& env, const contract::Dialect& dialect) {
  Environment translated = env;
  for (const auto& [name, value] : env) {
    if (!name.starts_with(dialect.prefix)) continue;
    translated.try_emplace(std::string(contract::kAxonDialect.prefix) + name.substr(dialect.prefix.size()), value);
  }
  return translated;
}

Result<RunInput> read_input(const std::optional<std::string>& argument, const Environment& env, const FileView& files,
                            const std::string& working_directory) {
  const Sources sources(env, files);
  const auto file = read_task_file(sources, files);
  if (!file) return std::unexpected(file.error());
  RunInput input;
  if (auto read = read_agent_task(sources, argument, *file, files, input.task); !read) {
    return std::unexpected(read.error());
  }
  const std::string type = file->type.empty() ? sources.variable(env_names::kAgentType) : file->type;
  auto adapter = find_adapter(sources, type, files);
  if (!adapter) return std::unexpected(adapter.error());
  input.adapter = std::move(*adapter);
  input.task.type = input.adapter.name;
  input.task.env = env;
  input.task.working_directory = working_directory;
  input.task_name = file->name.empty() ? sources.variable(env_names::kTaskName) : file->name;
  input.branch = file->branch.empty() ? sources.variable(env_names::kBranch) : file->branch;
  input.base_branch = sources.variable(env_names::kBaseBranch);
  if (input.base_branch.empty() && file->workspace) input.base_branch = file->workspace->ref;
  auto setup = read_setup(sources, *file);
  if (!setup) return std::unexpected(setup.error());
  input.setup_command = std::move(*setup);
  if (auto read = read_times(sources, *file, input); !read) return std::unexpected(read.error());
  return input;
}

std::vector<Secret> secrets_of(const Environment& env, const std::vector<McpServer>& servers,
                               const std::vector<std::string>& credential_variables) {
  std::vector<Secret> secrets;
  for (const auto& [name, value] : env) {
    if (names_a_secret(name) || std::ranges::find(credential_variables, name) != credential_variables.end()) {
      secrets.emplace_back(value);
    }
  }
  for (const McpServer& server : servers) {
    add_values(server.headers, secrets);
    add_values(server.env, secrets);
  }
  return secrets;
}

}  // namespace axon
