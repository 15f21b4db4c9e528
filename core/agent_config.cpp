#include "core/agent_config.hpp"

#include <algorithm>
#include <set>

#include "core/mcp.hpp"

namespace axon {
namespace {

using nlohmann::json;

/// Two of one name would overwrite each other on disk.
void refuse_duplicates(const std::vector<std::string>& names, const std::string& path, Problems& problems) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty() || seen.insert(names[i]).second) continue;
    problems.push_back({at_index(path, i) + ".name", "\"" + names[i] + "\" is in the list twice"});
  }
}

std::vector<PluginDocument> read_plugin_documents(Fields& plugin, const std::string& key, Problems& problems) {
  std::vector<PluginDocument> documents;
  std::vector<std::string> names;
  for (const json* item : plugin.objects(key)) {
    Fields fields(*item, plugin.path_of(at_index(key, documents.size())), problems);
    PluginDocument document{fields.required_text("name"), fields.text("content")};
    if (!fields.has("content")) fields.problem("content", "required");
    fields.check_component("name", document.name);
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
    Fields fields(*item, spec.path_of(at_index("plugins", plugins.size())), problems);
    PluginSource plugin;
    plugin.name = fields.required_text("name");
    fields.check_component("name", plugin.name);
    plugin.skills = read_plugin_documents(fields, "skills", problems);
    plugin.agents = read_plugin_documents(fields, "agents", problems);
    fields.done();
    names.push_back(plugin.name);
    plugins.push_back(std::move(plugin));
  }
  refuse_duplicates(names, spec.path_of("plugins"), problems);
  return plugins;
}

SecretValue read_secret_value(const json& object, const std::string& path, Problems& problems) {
  Fields fields(object, path, problems);
  SecretValue value;
  value.name = fields.required_text("name");
  value.prefix = fields.text("prefix");
  if (const json* reference = fields.object("secretKeyRef")) {
    Fields key(*reference, fields.path_of("secretKeyRef"), problems);
    value.secret = key.required_text("name");
    value.key = key.required_text("key");
    key.done();
  } else if (!fields.has("secretKeyRef")) {
    fields.problem("secretKeyRef", "required");
  }
  fields.done();
  return value;
}

void read_secret_values(Fields& fields, const McpServer& server, std::vector<SecretValue>& values, Problems& problems) {
  using Place = SecretValue::Place;
  for (const auto& [key, place] : {std::pair("headersFrom", Place::Header), std::pair("envFrom", Place::Variable)}) {
    std::size_t i = 0;
    for (const json* item : fields.objects(key)) {
      SecretValue value = read_secret_value(*item, fields.path_of(at_index(key, i++)), problems);
      value.server = server.name;
      value.place = place;
      values.push_back(std::move(value));
    }
  }
  if (server.type == McpServer::Type::Stdio && fields.has("headersFrom")) {
    fields.problem("headersFrom", "not allowed with type stdio");
  }
}

void read_mcp_list(Fields& spec, AgentConfigSpec& config, Problems& problems) {
  std::vector<McpServer>& servers = config.mcp_servers;
  std::vector<std::string> names;
  for (const json* item : spec.objects("mcpServers")) {
    Fields fields(*item, spec.path_of(at_index("mcpServers", servers.size())), problems);
    const std::size_t before = problems.size();
    std::string name = fields.required_text("name");
    const bool named = problems.size() == before;
    names.push_back(name);
    // A server without a name has its problem already; the rest of it is still read.
    servers.push_back(read_mcp_server(named ? std::move(name) : "unnamed", fields));
    read_secret_values(fields, servers.back(), config.secret_values, problems);
    fields.done();
  }
  refuse_duplicates(names, spec.path_of("mcpServers"), problems);
}

/// Adds what is in `from`, in the place of what has the same name.
template <class Item>
void replace_by_name(std::vector<Item>& into, const std::vector<Item>& from) {
  for (const Item& item : from) {
    const auto same = std::ranges::find(into, item.name, &Item::name);
    if (same == into.end()) {
      into.push_back(item);
    } else {
      *same = item;
    }
  }
}

void add_plugin(std::vector<PluginSource>& plugins, const PluginSource& plugin) {
  const auto same = std::ranges::find(plugins, plugin.name, &PluginSource::name);
  if (same == plugins.end()) {
    plugins.push_back(plugin);
    return;
  }
  replace_by_name(same->skills, plugin.skills);
  replace_by_name(same->agents, plugin.agents);
}

/// A server that is replaced takes its Secrets with it.
void add_servers(AgentConfigSpec& merged, const AgentConfigSpec& config) {
  std::erase_if(merged.secret_values, [&](const SecretValue& value) {
    return std::ranges::find(config.mcp_servers, value.server, &McpServer::name) != config.mcp_servers.end();
  });
  merged.secret_values.insert(merged.secret_values.end(), config.secret_values.begin(), config.secret_values.end());
  replace_by_name(merged.mcp_servers, config.mcp_servers);
}

}  // namespace

AgentConfigSpec read_agent_config_spec(const json& spec, const std::string& path, Problems& problems) {
  Fields fields(spec, path, problems);
  AgentConfigSpec config;
  config.agents_md = fields.text("agentsMD");
  config.plugins = read_plugins(fields, problems);
  read_mcp_list(fields, config, problems);
  fields.done();
  return config;
}

AgentConfigSpec merge(const std::vector<AgentConfigSpec>& configs) {
  AgentConfigSpec merged;
  for (const AgentConfigSpec& config : configs) {
    if (!merged.agents_md.empty() && !config.agents_md.empty()) {
      merged.agents_md += merged.agents_md.ends_with('\n') ? "\n" : "\n\n";
    }
    merged.agents_md += config.agents_md;
    for (const PluginSource& plugin : config.plugins) add_plugin(merged.plugins, plugin);
    add_servers(merged, config);
  }
  return merged;
}

Problems put_secret_values(AgentConfigSpec& config, const FindSecret& find) {
  Problems problems;
  for (const SecretValue& value : config.secret_values) {
    const auto server = std::ranges::find(config.mcp_servers, value.server, &McpServer::name);
    if (server == config.mcp_servers.end()) continue;
    const bool header = value.place == SecretValue::Place::Header;
    if (const auto found = find(value.secret, value.key)) {
      (header ? server->headers : server->env)[value.name] = value.prefix + *found;
    } else {
      problems.push_back({"mcpServers." + value.server + (header ? ".headersFrom." : ".envFrom.") + value.name,
                          "no key \"" + value.key + "\" in Secret \"" + value.secret + "\""});
    }
  }
  config.secret_values.clear();
  return problems;
}

}  // namespace axon
