#include "core/agent_config.hpp"

#include <gtest/gtest.h>

namespace axon {
namespace {

using nlohmann::json;

McpServer server(const std::string& name, const std::string& url) {
  McpServer server;
  server.name = name;
  server.type = McpServer::Type::Http;
  server.url = url;
  return server;
}

TEST(AgentConfigs, AreMergedInOrder) {
  const AgentConfigSpec first{.agents_md = "One\n",
                              .plugins = {{"p", {{"s", "old"}, {"t", "kept"}}, {}}},
                              .mcp_servers = {server("a", "u1"), server("b", "u2")}};
  const AgentConfigSpec second{.agents_md = "Two",
                               .plugins = {{"p", {{"s", "new"}}, {{"r", "agent"}}}, {"q", {}, {}}},
                               .mcp_servers = {server("a", "u3")}};
  const AgentConfigSpec expected{.agents_md = "One\n\nTwo",
                                 .plugins = {{"p", {{"s", "new"}, {"t", "kept"}}, {{"r", "agent"}}}, {"q", {}, {}}},
                                 .mcp_servers = {server("a", "u3"), server("b", "u2")}};
  EXPECT_EQ(merge({first, second}), expected);
  EXPECT_EQ(merge({first}), first);
  EXPECT_EQ(merge({}), AgentConfigSpec{});
}

SecretValue header_from(const std::string& server, const std::string& secret) {
  return {server, SecretValue::Place::Header, "Authorization", "Bearer ", secret, "token"};
}

TEST(AgentConfigs, KeepTheSecretsOfTheServersThatStay) {
  const AgentConfigSpec first{.agents_md = "",
                              .plugins = {},
                              .mcp_servers = {server("a", "u1"), server("b", "u2")},
                              .secret_values = {header_from("a", "s1"), header_from("b", "s2")}};
  const AgentConfigSpec second{
      .agents_md = "", .plugins = {}, .mcp_servers = {server("a", "u3")}, .secret_values = {header_from("a", "s3")}};
  EXPECT_EQ(merge({first, second}).secret_values, (std::vector{header_from("b", "s2"), header_from("a", "s3")}));
}

TEST(AgentConfigs, TakeHeadersAndVariablesFromSecrets) {
  Problems problems;
  AgentConfigSpec config = read_agent_config_spec(json::parse(R"({"mcpServers": [
      {"name": "web", "type": "http", "url": "u", "headers": {"Authorization": "old", "X": "1"},
       "headersFrom": [{"name": "Authorization", "prefix": "Bearer ", "secretKeyRef": {"name": "s", "key": "token"}}]},
      {"name": "tool", "type": "stdio", "command": "c",
       "envFrom": [{"name": "KEY", "secretKeyRef": {"name": "s", "key": "none"}}]}]})"),
                                                  "spec", problems);
  EXPECT_EQ(to_string(problems), "");
  const FindSecret find = [](const std::string& secret, const std::string& key) {
    return secret == "s" && key == "token" ? std::optional<std::string>("hush") : std::nullopt;
  };
  EXPECT_EQ(to_string(put_secret_values(config, find)), "mcpServers.tool.envFrom.KEY: no key \"none\" in Secret \"s\"");
  EXPECT_EQ(config.mcp_servers[0].headers,
            (std::map<std::string, std::string>{{"Authorization", "Bearer hush"}, {"X", "1"}}));
  EXPECT_EQ(config.secret_values, std::vector<SecretValue>{});
}

TEST(AgentConfigs, NameWhatIsWrongWithAValueFromASecret) {
  Problems problems;
  read_agent_config_spec(json::parse(R"({"mcpServers": [{"name": "tool", "type": "stdio", "command": "c",
      "headersFrom": [{"name": "A"}], "envFrom": [{"secretKeyRef": {"name": "s"}}]}]})"),
                         "spec", problems);
  EXPECT_EQ(to_string(problems),
            "spec.mcpServers[0].headersFrom[0].secretKeyRef: required\n"
            "spec.mcpServers[0].envFrom[0].name: required\n"
            "spec.mcpServers[0].envFrom[0].secretKeyRef.key: required\n"
            "spec.mcpServers[0].headersFrom: not allowed with type stdio");
}

}  // namespace
}  // namespace axon
