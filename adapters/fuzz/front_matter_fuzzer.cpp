// Heads of skill and agent files of arbitrary text: what is converted has a name, and is read as it was written.
#include "adapters/codex/front_matter.hpp"
#include "adapters/gemini/frontmatter.hpp"
#include "adapters/opencode/agent_file.hpp"
#include "adapters/opencode/frontmatter.hpp"
#include "core/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace axon;
  if (size > 20'000) return 0;
  const std::string_view text = fuzz::text_of(data, size);
  (void)codex::first_words(codex::read_front_matter(text).body);
  fuzz::require(!gemini::convert_skill(text, "skill").name.empty(), "gemini: a skill without a name");
  (void)gemini::convert_agent(text, "agent");  // a remote one need not have a name
  const opencode::Frontmatter read = opencode::parse_frontmatter(text);
  const std::string written = opencode::to_text(read);
  fuzz::require(read.fields.empty() || opencode::to_text(opencode::parse_frontmatter(written)) == written,
                "opencode: a file is not read as it was written");
  const std::string converted = opencode::opencode_agent(text);
  fuzz::require(opencode::opencode_agent(converted) == converted, "opencode: an agent changes twice");
  return 0;
}
