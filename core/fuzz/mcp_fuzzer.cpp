// MCP JSON of arbitrary text: refused by name, or the same again after it was written and read once more.
#include "core/fuzz/fuzz.hpp"
#include "core/mcp.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace axon;
  const auto servers = parse_mcp_servers(fuzz::text_of(data, size), "AXON_MCP_SERVERS");
  if (!servers) {
    fuzz::require(servers.error().message.starts_with("AXON_MCP_SERVERS"), "the error does not name the variable");
    return 0;
  }
  const auto again = parse_mcp_servers(mcp_servers_json(*servers), "AXON_MCP_SERVERS");
  fuzz::require(again && *again == *servers, "what was written is not read the same");
  return 0;
}
