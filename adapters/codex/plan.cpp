#include <algorithm>
#include <array>

#include "adapters/codex/codex.hpp"
#include "adapters/codex/config_file.hpp"
#include "adapters/codex/files.hpp"
#include "adapters/codex/plugins.hpp"
#include "adapters/config/marked_block.hpp"
#include "adapters/prompt.hpp"
#include "core/encoding.hpp"

namespace axon::codex {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kKey = "CODEX_API_KEY";  // the one that the built-in provider takes
constexpr std::string_view kOpenAiKey = "OPENAI_API_KEY";
constexpr std::string_view kProvider = "axon";

struct Setting {
  std::vector<std::string> keys;
  std::string_view value;
};

// What this run wants otherwise than Codex's default, unless config.toml says something about it.
const std::vector<Setting>& settings() {
  static const std::vector<Setting> all = {
      {{"allow_login_shell"}, "false"},  // a login shell reads /etc/profile, which replaces PATH
      {{"check_for_update_on_startup"}, "false"},
      {{"mcp_optional_startup_grace_ms"}, "0"},  // wait for each server, not a second: its tools would be missing
      {{"analytics", "enabled"}, "false"},
      {{"features", "plugins"}, "false"},         // fetched from the network at each start
      {{"features", "shell_snapshot"}, "false"},  // a file of all variables that everybody may read
      {{"features", "unbounded_connection_retries"}, "false"},
  };
  return all;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos; }

Result<void> check(const AgentTask& task) {
  if (Result<void> there = require_prompt(task.prompt); !there) return there;
  if (to_valid_utf8(task.prompt) != task.prompt) {
    return fail(Errc::InvalidInput, "prompt: not UTF-8, which is all that Codex reads");
  }
  for (const McpServer& server : task.mcp_servers) {
    if (server.type != McpServer::Type::Sse) continue;
    return fail(Errc::InvalidInput, "MCP server \"" + server.name +
                                        "\": Codex does not speak sse; use type http if the server has such an "
                                        "address, or another agent");
  }
  return {};
}

Result<std::string> read(const FileView& files, const std::string& path) {
  Result<std::optional<std::string>> existing = files.read(path);
  if (!existing) return std::unexpected(std::move(existing).error());
  return existing->value_or("");
}

/// AGENTS.md, or the file that Codex reads in its place.
Result<void> add_instructions(const AgentTask& task, const FileView& files, Launch& launch) {
  std::string path = config_directory(task) + "/AGENTS.override.md";
  Result<std::string> before = read(files, path);
  if (before && is_blank(*before)) {
    path = config_directory(task) + "/AGENTS.md";
    before = read(files, path);
  }
  if (!before) return std::unexpected(std::move(before).error());
  Result<std::string> after = config::with_block(*before, task.instructions, path);
  if (!after) return std::unexpected(std::move(after).error());
  if (task.instructions.empty() && *after == *before) return {};
  launch.files.push_back({path, *std::move(after), 0644});
  return {};
}

/// Codex gives a server no variable that is not named; without these one behind a proxy reaches nothing.
ordered_json network_variables(const AgentTask& task) {
  constexpr std::array kNames = {"ALL_PROXY", "HTTPS_PROXY",        "HTTP_PROXY",   "NODE_EXTRA_CA_CERTS",
                                 "NO_PROXY",  "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE",
                                 "all_proxy", "http_proxy",         "https_proxy",  "no_proxy"};
  ordered_json names = ordered_json::array();
  for (const char* name : kNames) {
    if (task.env.contains(name)) names.push_back(name);
  }
  return names;
}

Table server_table(const AgentTask& task, const McpServer& server) {
  ordered_json values = ordered_json::object();
  if (server.type == McpServer::Type::Stdio) {
    values["command"] = server.command;
    if (!server.args.empty()) values["args"] = server.args;
    if (!server.env.empty()) values["env"] = server.env;
    if (ordered_json names = network_variables(task); !names.empty()) values["env_vars"] = std::move(names);
  } else {
    values["url"] = server.url;
    if (!server.headers.empty()) values["http_headers"] = server.headers;
  }
  values["startup_timeout_sec"] = 60;  // npx may have to fetch a server first
  return {"mcp_servers", server.name, std::move(values)};
}

/// OPENAI_BASE_URL, if it is for us to obey: Codex itself ignores it.
std::string base_url(const AgentTask& task, const UserConfig& config) {
  const bool is_chosen = config.find({"model_provider"}) != nullptr || config.find({"openai_base_url"}) != nullptr;
  return is_chosen ? std::string() : variable(task, "OPENAI_BASE_URL");
}

Table provider_table(const AgentTask& task, const std::string& url) {
  ordered_json values = {{"name", "OPENAI_BASE_URL"}, {"base_url", url}};
  const bool has_key = !variable(task, kKey).empty() || !variable(task, kOpenAiKey).empty();
  if (has_key) values["env_key"] = kKey;
  values["wire_api"] = "responses";
  return {"model_providers", std::string(kProvider), std::move(values)};
}

/// The variable from which the provider that config.toml chose takes its key.
std::string key_variable(const UserConfig& config) {
  const ordered_json* provider = config.find({"model_provider"});
  if (provider == nullptr || !provider->is_string()) return std::string(kKey);
  const ordered_json* name = config.find({"model_providers", provider->get<std::string>(), "env_key"});
  return name != nullptr && name->is_string() ? name->get<std::string>() : std::string();
}

Result<void> add_credential(const AgentTask& task, const UserConfig& config, const FileView& files, Launch& launch) {
  const std::string name = key_variable(config);
  if (name.empty() || !variable(task, name).empty()) return {};
  std::string key = variable(task, kKey);
  if (key.empty()) {
    key = variable(task, kOpenAiKey);
    // A login that is there is not overruled by a key that is not for Codex by its name.
    const Result<std::string> login = read(files, config_directory(task) + "/auth.json");
    if (!login) return std::unexpected(login.error());
    if (!login->empty() && base_url(task, config).empty()) return {};
  }
  if (!key.empty()) launch.env[name] = key;
  return {};
}

Result<void> add_config(const AgentTask& task, const UserConfig& config, const std::string& before,
                        const std::string& path, Launch& launch) {
  std::vector<Table> tables;
  const std::string url = base_url(task, config);
  if (!url.empty()) tables.push_back(provider_table(task, url));
  for (const McpServer& server : task.mcp_servers) tables.push_back(server_table(task, server));
  Result<std::string> after = with_tables(before, tables, path);
  if (!after) return std::unexpected(std::move(after).error());
  // Codex refuses a CODEX_HOME that does not exist; a file makes it.
  const bool makes_home = before.empty() && !variable(task, "CODEX_HOME").empty();
  if (*after != before || makes_home || !tables.empty()) launch.files.push_back({path, *std::move(after), 0600});
  return {};
}

std::vector<std::string> command_line(const AgentTask& task, const UserConfig& config) {
  std::vector<std::string> argv = {"codex", "exec", "--dangerously-bypass-approvals-and-sandbox", "--json"};
  for (const auto& [keys, value] : settings()) {
    if (config.find(keys) != nullptr) continue;
    std::string setting = keys.front();
    for (std::size_t i = 1; i < keys.size(); ++i) setting += "." + keys[i];
    argv.insert(argv.end(), {"-c", setting + "=" + std::string(value)});
  }
  if (!base_url(task, config).empty()) {
    argv.insert(argv.end(), {"-c", "model_provider=" + toml_string(kProvider)});
  }
  if (!task.model.empty()) argv.insert(argv.end(), {"--model", task.model});
  argv.emplace_back("-");
  return argv;
}

}  // namespace

Result<Launch> plan(const AgentTask& task, const FileView& files) {
  if (Result<void> possible = check(task); !possible) return std::unexpected(possible.error());
  const std::string path = config_directory(task) + "/config.toml";
  const Result<std::string> before = read(files, path);
  if (!before) return std::unexpected(before.error());
  const Result<UserConfig> config = read_user_config(*before, path);
  if (!config) return std::unexpected(config.error());
  Launch launch;
  launch.argv = command_line(task, *config);
  launch.stdin_bytes = task.prompt;
  if (Result<void> added = add_credential(task, *config, files, launch); !added) return std::unexpected(added.error());
  if (Result<void> added = add_instructions(task, files, launch); !added) return std::unexpected(added.error());
  if (Result<void> added = add_config(task, *config, *before, path, launch); !added) {
    return std::unexpected(added.error());
  }
  if (Result<void> added = add_plugins(task, files, launch); !added) return std::unexpected(added.error());
  return launch;
}

}  // namespace axon::codex
