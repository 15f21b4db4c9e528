// An AgentConfig: what a team gives its agents. Several are merged into one, and its Secrets' values are put in.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/fields.hpp"
#include "core/task.hpp"
#include "core/task_file.hpp"

namespace axon {

/// One entry of an MCP server's headersFrom or envFrom.
struct SecretValue {
  enum class Place { Header, Variable };

  std::string server;
  Place place = Place::Header;
  std::string name;    // of the header or variable
  std::string prefix;  // stands before the Secret's value: "Bearer "
  std::string secret;
  std::string key;
  bool operator==(const SecretValue&) const = default;
};

struct AgentConfigSpec {
  std::string agents_md;
  std::vector<PluginSource> plugins;
  std::vector<McpServer> mcp_servers;
  std::vector<SecretValue> secret_values = {};  // empty once they are put in
  bool operator==(const AgentConfigSpec&) const = default;
};

/// Reads the object under "spec"; `path` is what stands in front of a problem's field ("spec").
AgentConfigSpec read_agent_config_spec(const nlohmann::json& spec, const std::string& path, Problems& problems);

/// Several AgentConfigs as one: instructions one below the other; a plugin's skill, an agent or a server of a later one
/// takes the place of one of the same name.
AgentConfigSpec merge(const std::vector<AgentConfigSpec>& configs);

/// The value of a Secret's key; nothing where Secret or key is not there.
using FindSecret = std::function<std::optional<std::string>(const std::string& secret, const std::string& key)>;

/// Puts the Secrets' values into headers and env of the servers, in the place of what has the same name. Each that is
/// not there is a problem, whose path is the server's ("mcpServers.github.headersFrom.Authorization").
Problems put_secret_values(AgentConfigSpec& config, const FindSecret& find);

}  // namespace axon
