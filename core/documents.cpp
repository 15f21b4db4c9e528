#include "core/documents.hpp"

#include <set>

#include "core/encoding.hpp"
#include "core/mcp.hpp"
#include "core/names.hpp"

namespace axon {
namespace {

using nlohmann::json;

constexpr std::int64_t kMax = INT64_MAX;
constexpr std::int64_t kMaxDepth = 1'000'000;

std::string element(const std::string& list, std::size_t i) { return list + "[" + std::to_string(i) + "]"; }

/// The name in {"name": …} under this key; empty if the key is absent.
std::string read_reference(Fields& parent, const std::string& key, Problems& problems) {
  const json* object = parent.object(key);
  if (object == nullptr) return {};
  Fields fields(*object, parent.path_of(key), problems);
  std::string name = fields.required_text("name");
  fields.done();
  return name;
}

std::optional<CredentialsRef> read_credentials(Fields& spec, Completeness completeness, Problems& problems) {
  const json* object = spec.object("credentials");
  if (object == nullptr) {
    if (completeness == Completeness::Required && !spec.has("credentials")) spec.problem("credentials", "required");
    return std::nullopt;
  }
  Fields fields(*object, spec.path_of("credentials"), problems);
  if (!fields.has("type")) fields.problem("type", "required; one of api-key, oauth, none");
  CredentialsRef credentials{.type = fields.one_of("type", {"api-key", "oauth", "none"}, "api-key"),
                             .secret = read_reference(fields, "secretRef", problems)};
  if (credentials.type != "none" && !fields.has("secretRef")) fields.problem("secretRef", "required");
  fields.done();
  return credentials;
}

EnvVar read_env_var(const json& object, const std::string& path, Problems& problems) {
  Fields fields(object, path, problems);
  EnvVar variable;
  variable.name = fields.required_text("name");
  if (variable.name.find('=') != std::string::npos) fields.problem("name", "must not contain \"=\"");
  variable.value = fields.text("value");
  if (const json* from = fields.object("valueFrom")) variable.value_from = *from;
  if (fields.has("value") && fields.has("valueFrom")) fields.problem("valueFrom", "not allowed beside value");
  fields.done();
  return variable;
}

PodOverrides read_pod_overrides(Fields& spec, Problems& problems) {
  PodOverrides overrides;
  const json* object = spec.object("podOverrides");
  if (object == nullptr) return overrides;
  Fields fields(*object, spec.path_of("podOverrides"), problems);
  overrides.active_deadline_seconds = fields.integer("activeDeadlineSeconds", 1, kMax);
  for (const json* item : fields.objects("env")) {
    const std::string path = fields.path_of(element("env", overrides.env.size()));
    overrides.env.push_back(read_env_var(*item, path, problems));
  }
  if (const json* resources = fields.object("resources")) overrides.resources = *resources;
  overrides.node_selector = fields.text_map("nodeSelector");
  fields.done();
  return overrides;
}

void check_type(Fields& fields, const std::string& type) {
  if (type.empty() || is_dns_label(type)) return;
  fields.problem("type", "must be a name of a-z, 0-9 and \"-\", at most 63 characters");
}

std::vector<PluginDocument> read_plugin_documents(Fields& plugin, const std::string& key, Problems& problems) {
  std::vector<PluginDocument> documents;
  std::vector<std::string> names;
  for (const json* item : plugin.objects(key)) {
    Fields fields(*item, plugin.path_of(element(key, documents.size())), problems);
    PluginDocument document{fields.required_text("name"), fields.text("content")};
    if (!fields.has("content")) fields.problem("content", "required");
    if (!document.name.empty() && !is_path_component(document.name)) {
      fields.problem("name", "must be one path component: no \"/\", \"\\\", \".\" or \"..\"");
    }
    fields.done();
    names.push_back(document.name);
    documents.push_back(std::move(document));
  }
  refuse_duplicates(names, plugin.path_of(key), problems);
  return documents;
}

std::vector<PluginSource> read_plugins(Fields& spec, Problems& problems) {
  std::vector<PluginSource> plugins;
  std::vector<std::string> names;
  for (const json* item : spec.objects("plugins")) {
    Fields fields(*item, spec.path_of(element("plugins", plugins.size())), problems);
    PluginSource plugin;
    plugin.name = fields.required_text("name");
    if (!plugin.name.empty() && !is_path_component(plugin.name)) {
      fields.problem("name", "must be one path component: no \"/\", \"\\\", \".\" or \"..\"");
    }
    plugin.skills = read_plugin_documents(fields, "skills", problems);
    plugin.agents = read_plugin_documents(fields, "agents", problems);
    fields.done();
    names.push_back(plugin.name);
    plugins.push_back(std::move(plugin));
  }
  refuse_duplicates(names, spec.path_of("plugins"), problems);
  return plugins;
}

std::vector<McpServer> read_mcp_list(Fields& spec, Problems& problems) {
  std::vector<McpServer> servers;
  std::vector<std::string> names;
  for (const json* item : spec.objects("mcpServers")) {
    Fields fields(*item, spec.path_of(element("mcpServers", servers.size())), problems);
    const std::size_t before = problems.size();
    std::string name = fields.required_text("name");
    const bool named = problems.size() == before;
    names.push_back(name);
    // A server without a name has its problem already; the rest of it is still read.
    servers.push_back(read_mcp_server(named ? std::move(name) : "unnamed", fields));
    fields.done();
  }
  refuse_duplicates(names, spec.path_of("mcpServers"), problems);
  return servers;
}

std::vector<InjectedFile> read_files(Fields& spec, Problems& problems) {
  std::vector<InjectedFile> files;
  for (const json* item : spec.objects("files")) {
    Fields fields(*item, spec.path_of(element("files", files.size())), problems);
    InjectedFile file{fields.text("path"), fields.text("content")};
    if (const std::string wrong = relative_path_problem(file.path); !wrong.empty()) fields.problem("path", wrong);
    if (!fields.has("content")) fields.problem("content", "required");
    fields.done();
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace

void refuse_duplicates(const std::vector<std::string>& names, const std::string& path, Problems& problems) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty() || seen.insert(names[i]).second) continue;
    problems.push_back({element(path, i) + ".name", "\"" + names[i] + "\" is in the list twice"});
  }
}

TaskSpec read_task_spec(const json& spec, const std::string& path, Completeness completeness, Problems& problems) {
  Fields fields(spec, path, problems);
  const bool all = completeness == Completeness::Required;
  TaskSpec task;
  task.type = all ? fields.required_text("type") : fields.text("type");
  check_type(fields, task.type);
  task.prompt = all ? fields.required_text("prompt") : fields.text("prompt");
  task.credentials = read_credentials(fields, completeness, problems);
  task.model = fields.text("model");
  task.image = fields.text("image");
  task.workspace = read_reference(fields, "workspaceRef", problems);
  task.agent_config = read_reference(fields, "agentConfigRef", problems);
  task.depends_on = fields.texts("dependsOn");
  task.branch = fields.text("branch");
  task.ttl_seconds_after_finished = fields.integer("ttlSecondsAfterFinished", 0, kMax);
  task.stall_seconds = fields.integer("stallSeconds", 1, kMax);
  task.grace_period_seconds = fields.integer("gracePeriodSeconds", 1, kMax);
  task.inject_entrypoint = fields.boolean("injectEntrypoint").value_or(false);
  task.pod_overrides = read_pod_overrides(fields, problems);
  fields.done();
  return task;
}

WorkspaceSpec read_workspace_spec(const json& spec, const std::string& path, Problems& problems) {
  Fields fields(spec, path, problems);
  WorkspaceSpec workspace;
  workspace.repo = fields.required_text("repo");
  workspace.ref = fields.text("ref");
  workspace.secret = read_reference(fields, "secretRef", problems);
  if (const auto depth = fields.integer("depth", 0, kMaxDepth)) workspace.depth = static_cast<int>(*depth);
  workspace.files = read_files(fields, problems);
  workspace.setup_command = fields.texts("setupCommand");
  workspace.lfs = fields.boolean("lfs");
  read_parts_wanted(fields, workspace.filter, workspace.sparse);
  fields.done();
  return workspace;
}

AgentConfigSpec read_agent_config_spec(const json& spec, const std::string& path, Problems& problems) {
  Fields fields(spec, path, problems);
  AgentConfigSpec config;
  config.agents_md = fields.text("agentsMD");
  config.plugins = read_plugins(fields, problems);
  config.mcp_servers = read_mcp_list(fields, problems);
  fields.done();
  return config;
}

SecretSpec read_secret(const json& document, Problems& problems) {
  Fields fields(document, "", problems);
  SecretSpec secret;
  for (const auto& [key, encoded] : fields.text_map("data")) {
    std::string compact = encoded;
    std::erase_if(compact, [](char c) { return c == '\n' || c == ' '; });
    if (auto value = from_base64(compact)) {
      secret.values[key] = Secret(std::move(*value));
    } else {
      fields.problem("data." + key, "not base64; use stringData for plain text");
    }
  }
  for (auto& [key, value] : fields.text_map("stringData")) secret.values[key] = Secret(value);
  for (const char* known : {"apiVersion", "kind", "metadata", "type", "immutable", "status"}) fields.ignore(known);
  fields.done();
  return secret;
}

}  // namespace axon
