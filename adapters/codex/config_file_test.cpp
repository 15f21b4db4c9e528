#include "adapters/codex/config_file.hpp"

#include <gtest/gtest.h>

#include "adapters/config/toml.hpp"

namespace axon::codex {
namespace {

const std::vector<Table> kServer = {{"mcp_servers", "a b", {{"command", "c"}, {"args", {"x", "y"}}}}};

std::string merged(std::string_view existing, const std::vector<Table>& tables = kServer) {
  const Result<std::string> text = with_tables(existing, tables, "FILE");
  EXPECT_TRUE(text) << text.error().message;
  return text.value_or("");
}

TEST(CodexConfig, IsABlockBehindWhatIsThere) {
  EXPECT_EQ(merged("# mine\nmodel = 'x' # why\n[features]\na = true"),
            "# mine\nmodel = 'x' # why\n[features]\na = true\n\n"
            "# axon:begin\n[mcp_servers.\"a b\"]\ncommand = \"c\"\nargs = [\"x\", \"y\"]\n# axon:end\n");
}

TEST(CodexConfig, EveryShapeOfWhatIsThereStaysValidAndTheSameASecondTime) {
  for (const std::string_view existing :
       {"", "\n", "# only words", "[mcp_servers]\n", "[mcp_servers.other]\ncommand = 'o'\n",
        "[mcp_servers.'a b']\ncommand = 'old'\nenv = { K = 'v' }\n", "[mcp_servers.'a b'.env]\nK = 'v'\n",
        "mcp_servers = { other = { command = 'o' } }\n", "mcp_servers.other.command = 'o'\n",
        "mcp_servers = { 'a b' = { url = 'http://h' } }\n", "when = 2026-01-02T03:04:05Z\nmcp_servers.x.url = 'u'\n",
        "[[list]]\na = 1\n[[list]]\na = 2\n[mcp_servers.other.env]\nX = '1'\r\n", "a = \"\"\"\ntwo\nlines\"\"\"\n"}) {
    const std::string once = merged(existing);
    EXPECT_EQ(merged(once), once) << existing;
    ASSERT_TRUE(config::parse_toml(once)) << once;
    nlohmann::json after = *config::parse_toml(once);
    nlohmann::json before = *config::parse_toml(existing);
    EXPECT_EQ(after["mcp_servers"]["a b"], nlohmann::json({{"command", "c"}, {"args", {"x", "y"}}})) << once;
    if (before.contains("mcp_servers")) before["mcp_servers"].erase("a b");
    after["mcp_servers"].erase("a b");
    if (!before.contains("mcp_servers")) after.erase("mcp_servers");
    EXPECT_EQ(after, before) << once;
  }
}

TEST(CodexConfig, WithoutTablesTheBlockGoes) {
  EXPECT_EQ(merged("a = 1\n", {}), "a = 1\n");
  EXPECT_EQ(merged("a = 1\n# axon:begin\n[mcp_servers.\"x\"]\nurl = \"u\"\n# axon:end\n[b]\n", {}), "a = 1\n[b]\n");
}

TEST(CodexConfig, ValuesOfAnyKindAreQuoted) {
  const std::string awkward = "a\"b\\c\n\t\x01\x7F é ${X} # '''";
  const std::string text = merged("", {{"mcp_servers", awkward, {{"env", {{awkward, awkward}}}, {"n", 120}}}});
  const auto values = config::parse_toml(text);
  ASSERT_TRUE(values) << text;
  EXPECT_EQ((*values)["mcp_servers"][awkward], nlohmann::ordered_json({{"env", {{awkward, awkward}}}, {"n", 120}}));
}

TEST(CodexConfig, WhatIsNoTableIsNamed) {
  const Result<std::string> text = with_tables("mcp_servers = 3\n", kServer, "FILE");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().message, "FILE: mcp_servers: expected a table; repair or remove it");
}

}  // namespace
}  // namespace axon::codex
