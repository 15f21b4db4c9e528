#include "adapters/config/servers.hpp"

#include <gtest/gtest.h>

namespace axon::config {
namespace {

using nlohmann::ordered_json;

const ordered_json kServers = {{"web", {{"url", "https://x"}}}};

std::string merged(std::string_view existing, Format format, const std::vector<std::string>& key = {"mcp", "servers"}) {
  return with_servers(existing, format, key, kServers, "FILE").value();
}

TEST(Servers, AreWrittenSoThatASecondTimeGivesTheSameBytes) {
  EXPECT_EQ(merged("", Format::Toml), "[mcp.servers.web]\nurl = 'https://x'\n");
  for (const Format format : {Format::Json, Format::Yaml, Format::Toml}) {
    const std::string once = merged("", format);
    EXPECT_EQ(merged(once, format), once);
  }
  const std::string once = merged("z: 1\n", Format::Yaml);
  EXPECT_EQ(merged(once, Format::Yaml), once);
}

TEST(Servers, LeaveWhatElseIsThere) {
  EXPECT_EQ(
      merged(R"({"z":1,"mcp":{"servers":{"web":{"old":1},"own":{}}},"a":2})", Format::Json, {"mcp", "servers"}),
      ordered_json::parse(R"({"z":1,"mcp":{"servers":{"web":{"url":"https://x"},"own":{}}},"a":2})").dump(2) + "\n");
  EXPECT_TRUE(merged("list = [1, 2.5, true, 1979-05-27]\n", Format::Toml).contains("list = [ 1, 2.5, true, "));
  EXPECT_TRUE(merged("own: {a: 1}\n", Format::Yaml).contains("\"own\": {\n    \"a\": 1"));
}

TEST(Servers, NeverReplaceAFileThatTheyCannotRead) {
  for (const Format format : {Format::Json, Format::Yaml, Format::Toml}) {
    const Result<std::string> result = with_servers("[s3cret", format, {"mcp"}, kServers, "/home/agent/x");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::InvalidInput);
    EXPECT_TRUE(result.error().message.starts_with("/home/agent/x: not a ")) << result.error().message;
    EXPECT_FALSE(result.error().message.contains("s3cret"));
  }
  const Result<std::string> result = with_servers(R"({"mcp": 1})", Format::Json, {"mcp", "servers"}, kServers, "X");
  EXPECT_EQ(result.error().message, "X: mcp: expected a table of MCP servers; repair or remove it");
}

}  // namespace
}  // namespace axon::config
