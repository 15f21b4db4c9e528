#include "controller/task/inputs.hpp"

#include <gtest/gtest.h>

namespace axon::controller {
namespace {

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

}  // namespace
}  // namespace axon::controller
