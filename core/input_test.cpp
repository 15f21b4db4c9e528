// What comes from outside as JSON: MCP servers and task.json.
#include <gtest/gtest.h>

#include "core/mcp.hpp"
#include "core/names.hpp"
#include "core/task_file.hpp"

namespace axon {
namespace {

std::string error_of(const std::string& json) {
  const auto parsed = parse_mcp_servers(json, "AXON_MCP_SERVERS");
  return parsed ? "" : parsed.error().message;
}

TEST(McpServers, SurviveTheirJson) {
  std::vector<McpServer> servers = {
      {"a.b", McpServer::Type::Stdio, "npx", {"-y", "x"}, "", {}, {{"K", "v"}}},
      {"h", McpServer::Type::Http, "", {}, "https://h/mcp", {{"Authorization", "Bearer \"x\"\n"}}, {}},
      {"s", McpServer::Type::Sse, "", {}, "https://s/sse", {}, {}},
  };
  EXPECT_EQ(parse_mcp_servers(mcp_servers_json(servers), "x"), servers);
}

TEST(McpServers, NameWhatIsWrong) {
  EXPECT_EQ(error_of("{"), "AXON_MCP_SERVERS: not valid JSON; expected {\"mcpServers\": {NAME: {\"type\": …}}}");
  EXPECT_EQ(error_of("{}"), "AXON_MCP_SERVERS: mcpServers: required");
  EXPECT_EQ(error_of("[]"), "AXON_MCP_SERVERS: expected an object, found array");
  EXPECT_EQ(error_of(R"({"mcpServers":{"a":{"type":"stdio"}}})"),
            "AXON_MCP_SERVERS: mcpServers.a.command: required with type stdio");
  EXPECT_EQ(error_of(R"({"mcpServers":{"a":{"type":"http","command":"x"}}})"),
            "AXON_MCP_SERVERS: mcpServers.a.url: required with type http\n"
            "AXON_MCP_SERVERS: mcpServers.a.command: not allowed with type http");
  EXPECT_EQ(error_of(R"({"mcpServers":{"a":{"type":"ws","url":"x"}}})"),
            "AXON_MCP_SERVERS: mcpServers.a.type: expected one of stdio, http, sse, found \"ws\"");
  EXPECT_EQ(error_of(R"({"mcpServers":{"a":{"url":"x","header":{}}}})"),
            "AXON_MCP_SERVERS: mcpServers.a.header: unknown field; did you mean \"headers\"?");
  EXPECT_EQ(error_of(R"({"mcpServers":{"a":{"command":"x","env":{"N":1}}}})"),
            "AXON_MCP_SERVERS: mcpServers.a.env.N: expected a string, found number; quote it if it is meant as text");
  EXPECT_NE(error_of(R"({"mcpServers":{"a/b":{"command":"x"}}})"), "");
}

TEST(TaskFile, SurvivesItsJson) {
  TaskFile task;
  task.name = "t";
  task.type = "claude-code";
  task.model = "m";
  task.branch = "b";
  task.workspace = WorkspaceSource{"https://h/r.git", "main", "/workspace/repo", 0, {{"a/b", "c"}}};
  task.workspace->lfs = false;
  task.workspace->filter = "blob:limit=1m";
  task.workspace->sparse = {"docs", "src/a"};
  task.plugins = {{"p", {{"s", "skill"}}, {{"a", "agent"}}}};
  task.setup_command = {"make", "deps"};
  task.deadline_seconds = 60;
  task.stall_seconds = 30;
  task.grace_seconds = 0;
  EXPECT_EQ(parse_task_file(to_json(task), "task.json"), task);
  EXPECT_EQ(parse_task_file(to_json(TaskFile()), "task.json"), TaskFile());
}

TEST(TaskFile, NamesWhatIsWrong) {
  const auto parsed = parse_task_file(
      R"({"workspace":{"ref":"x","files":[{"path":"../x","content":""}]},"plugins":[{"name":".."}],"stallSeconds":0})",
      "task.json");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message,
            "task.json: workspace.repo: required\n"
            "task.json: workspace.files[0].path: must not contain \"..\"\n"
            "task.json: plugins[0].name: must be one path component: no \"/\", \"\\\", \".\" or \"..\"\n"
            "task.json: stallSeconds: expected a whole number of at least 1");
}

TEST(BranchName, IsWhatGitTakes) {
  for (const char* name : {"", "main", "feature/user-service", "fix/42", "a.b", "schön", "a@b", "a-", "x{", "lock"}) {
    EXPECT_EQ(branch_name_problem(name), "") << name;
  }
  for (const char* name :
       {"a b",   "a\tb", "-a",   "/a",  ".a", "a/",  "a.", "a..b", "a//b", "a/.b", "a.lock", "a.lock/b",
        "a@{1}", "@",    "HEAD", "a~1", "a^", "a:b", "a?", "a*",   "a[b",  "a\\b", "a\x7f"}) {
    EXPECT_NE(branch_name_problem(name), "") << name;
  }
}

TEST(Names, KnowLabelsAndPaths) {
  EXPECT_TRUE(is_dns_label("claude-code"));
  for (const char* name : {"", "-a", "a-", "A", "a.b", "a_b"}) EXPECT_FALSE(is_dns_label(name)) << name;
  EXPECT_FALSE(is_dns_label(std::string(64, 'a')));
  EXPECT_EQ(relative_path_problem("a/b..c/.d"), "");
  for (const char* path : {"", " ", "/a", "..", "a/../b", "a/..", "a\\b"})
    EXPECT_NE(relative_path_problem(path), "") << path;
}

}  // namespace
}  // namespace axon
