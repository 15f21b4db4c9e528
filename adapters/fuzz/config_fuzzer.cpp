// Configuration files of arbitrary text, with what a Task needs put into them: refused by name, or the same bytes when
// it is done again.
#include <nlohmann/json.hpp>

#include "adapters/codex/config_file.hpp"
#include "adapters/config/jsonc.hpp"
#include "adapters/config/marked_block.hpp"
#include "adapters/config/servers.hpp"
#include "adapters/config/toml.hpp"
#include "adapters/gemini/settings.hpp"
#include "core/fuzz/fuzz.hpp"

namespace {

using namespace axon;
using nlohmann::ordered_json;

const ordered_json kServers = {{"tools", {{"command", "t"}, {"env", {{"KEY", "a \"b\"\n"}}}}}};

template <class Edit>
void check(std::string_view text, const Edit& edit) {
  const Result<std::string> once = edit(text);
  if (!once) {
    fuzz::require(once.error().message.contains("FILE"), "the error does not name the file");
    return;
  }
  const Result<std::string> twice = edit(*once);
  fuzz::require(twice && *twice == *once, "done twice, it gives other bytes");
}

void check_jsonc(std::string_view text) {
  const auto strict = ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (strict.is_discarded() || text.contains('\0')) return;  // nlohmann takes a NUL for the end
  const auto plain = ordered_json::parse(config::plain_json(text), nullptr, false);
  fuzz::require(plain == strict, "JSON without comments is read as other JSON");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 20'000) return 0;
  const std::string_view text = fuzz::text_of(data, size);
  check_jsonc(text);
  for (const config::Format format : {config::Format::Json, config::Format::Yaml, config::Format::Toml}) {
    check(text,
          [&](std::string_view old) { return config::with_servers(old, format, {"a", "servers"}, kServers, "FILE"); });
  }
  for (const config::Marks& marks : {config::kMarkdownMarks, config::kTomlMarks}) {
    check(text, [&](std::string_view old) { return config::with_block(old, "Be kind.\n", "FILE", marks); });
    check(text, [&](std::string_view old) { return config::with_block(old, "", "FILE", marks); });
  }
  const std::vector<codex::Table> tables = {{"mcp_servers", "tools", kServers["tools"]}};
  check(text, [&](std::string_view old) { return codex::with_tables(old, tables, "FILE"); });
  check(text, [&](std::string_view old) { return codex::with_tables(old, {}, "FILE"); });
  AgentTask task;
  task.mcp_servers.emplace_back();
  task.mcp_servers.back().name = "tools";
  task.mcp_servers.back().command = "t";
  check(text, [&](std::string_view old) { return gemini::with_settings(old, task, "FILE"); });
  return 0;
}
