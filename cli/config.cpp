#include "cli/config.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "cli/files.hpp"
#include "cli/host.hpp"
#include "core/names.hpp"
#include "core/yaml.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

/// What `axon init` or a page of documentation has put there for the reader to replace.
bool is_placeholder(std::string_view text) { return text.starts_with('<') && text.ends_with('>'); }

Secret read_token(Fields& fields, const std::string& key) {
  std::string token = fields.text(key);
  if (!is_placeholder(token)) return Secret(std::move(token));
  fields.problem(key, "is still the placeholder; put your own in its place");
  return {};
}

/// A number is as good as its text: people write appID: 12345.
std::string read_id(Fields& fields, const std::string& key) {
  const json* value = fields.raw(key);
  if (value != nullptr && value->is_number_integer()) return value->dump();
  return fields.required_text(key);
}

std::string read_label(Fields& fields, const std::string& key) {
  std::string name = fields.text(key);
  if (!name.empty() && !is_dns_label(name)) {
    fields.problem(key, "must be a name of a-z, 0-9 and \"-\", at most 63 characters, found \"" + name + "\"");
  }
  return name;
}

std::optional<ConfigGithubApp> read_app(Fields& workspace, Problems& problems) {
  const json* object = workspace.object("githubApp");
  if (object == nullptr) return std::nullopt;
  Fields fields(*object, workspace.path_of("githubApp"), problems);
  ConfigGithubApp app{.app_id = read_id(fields, "appID"),
                      .installation_id = read_id(fields, "installationID"),
                      .private_key_path = fields.required_text("privateKeyPath")};
  fields.done();
  return app;
}

ConfigWorkspace read_workspace(Fields& top, Problems& problems) {
  const json* object = top.object("workspace");
  if (object == nullptr) return {};
  Fields fields(*object, "workspace", problems);
  ConfigWorkspace workspace;
  workspace.name = fields.text("name");
  workspace.repo = fields.text("repo");
  workspace.ref = fields.text("ref");
  workspace.token = read_token(fields, "token");
  workspace.github_app = read_app(fields, problems);
  fields.done();
  if (!workspace.name.empty() && !workspace.repo.empty()) {
    fields.problem("repo", "not together with name: name is a Workspace that is there, repo is for a new one");
  }
  if (workspace.repo.empty() && workspace.name.empty() && !object->empty()) fields.problem("repo", "required");
  if (!workspace.token.empty() && workspace.github_app) fields.problem("token", "not together with githubApp");
  return workspace;
}

/// Relative to the file it stands in, so that it means the same wherever axon is called.
std::string resolve(const std::string& path, const std::string& file, const std::string& home) {
  if (path.starts_with("~/") && !home.empty()) return home + path.substr(1);
  return (std::filesystem::path(file).parent_path() / path).string();
}

bool holds_secret(const UserConfig& config) {
  return !config.oauth_token.empty() || !config.api_key.empty() || !config.workspace.token.empty();
}

bool is_open_to_others(const std::string& path) {
  struct stat found{};
  return stat(path.c_str(), &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

}  // namespace

ConfigToken token_of(const UserConfig& config) {
  if (!config.oauth_token.empty()) return {config.oauth_token, "oauth", "oauthToken"};
  return {config.api_key, "api-key", "apiKey"};
}

std::string type_of(const UserConfig& config) { return config.type.empty() ? "claude-code" : config.type; }

std::string path_of(const UserConfig& config) { return config.source.empty() ? "~/.axon/config.yaml" : config.source; }

Result<UserConfig> parse_user_config(std::string_view text, const std::string& source) {
  const Result<std::vector<YamlDocument>> documents = parse_yaml(text, source);
  if (!documents) return std::unexpected(documents.error());
  UserConfig config;
  config.source = source;
  if (documents->empty()) return config;
  if (documents->size() > 1) return fail(Errc::InvalidInput, source + ": expected one YAML document, found more");
  Problems problems;
  Fields top(documents->front().value, "", problems);
  config.oauth_token = read_token(top, "oauthToken");
  config.api_key = read_token(top, "apiKey");
  config.secret = top.text("secret");
  config.credential_type = top.one_of("credentialType", {"api-key", "oauth", "none"}, "");
  config.type = read_label(top, "type");
  config.model = top.text("model");
  config.ns = read_label(top, "namespace");
  config.agent_config = top.text("agentConfig");
  config.workspace = read_workspace(top, problems);
  top.done();
  if (!config.oauth_token.empty() && !config.api_key.empty()) {
    top.problem("apiKey", "not together with oauthToken; keep the one that is to be used");
  }
  if (!problems.empty()) return fail(Errc::InvalidInput, describe(problems, documents->front(), source));
  return config;
}

Result<std::string> user_config_path(const Environment& caller) {
  if (std::string path = value_of(caller, "AXON_CONFIG"); !path.empty()) return path;
  const std::string home = value_of(caller, "HOME");
  if (home.empty()) return fail(Errc::InvalidInput, "HOME is not set; name the config file by --config FILE");
  return home + "/.axon/config.yaml";
}

Result<UserConfig> load_user_config(const std::string& path, const Environment& caller) {
  const bool named = !path.empty() || caller.contains("AXON_CONFIG");
  if (!named && value_of(caller, "HOME").empty()) return UserConfig{};
  const Result<std::string> file = path.empty() ? user_config_path(caller) : path;
  if (!file) return std::unexpected(file.error());
  const Result<std::string> text = read_file(*file);
  if (!text && text.error().code == Errc::NotFound && !named) return UserConfig{};
  if (!text) return wrap("config file", text.error());
  Result<UserConfig> config = parse_user_config(*text, *file);
  if (!config) return config;
  if (auto& app = config->workspace.github_app) {
    app->private_key_path = resolve(app->private_key_path, *file, value_of(caller, "HOME"));
  }
  if (holds_secret(*config) && is_open_to_others(*file)) {
    config->warnings.push_back(*file + " holds a token and is open to others; close it: chmod 600 " + *file);
  }
  return config;
}

std::string_view user_config_template() {
  return R"(# Axon's defaults. A flag wins over this file; "axon run --help" names the flags.

# How the agent's provider is paid: one of these. Axon makes the Secret of it.
# oauthToken: <your-oauth-token>
# apiKey: <your-api-key>

# Or a Secret that is there already, with its type: api-key, oauth or none.
# secret: my-credentials
# credentialType: oauth

# Which agent, and which of its models.
# type: claude-code
# model: <model>

# Where Tasks are made; without it, the namespace of the kubeconfig's context.
# namespace: default

# The repository to work on. The token is for private ones, and for pushing branches and opening pull requests.
# workspace:
#   repo: https://github.com/your-org/your-repo.git
#   ref: main
#   token: <github-token>
#
# In place of the token, a GitHub App:
#   githubApp:
#     appID: 12345
#     installationID: 67890
#     privateKeyPath: ~/.axon/app.pem
#
# Or a Workspace that is in the cluster already:
# workspace:
#   name: my-workspace

# Instructions, plugins and MCP servers: an AgentConfig of the cluster.
# agentConfig: my-config
)";
}

}  // namespace axon::cli
