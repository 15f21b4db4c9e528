// Session files of arbitrary text, as an agent may leave them: usage is found or not, and its sums stay in range.
#include "adapters/claude/claude.hpp"
#include "adapters/claude/files.hpp"
#include "adapters/codex/codex.hpp"
#include "adapters/codex/files.hpp"
#include "adapters/gemini/files.hpp"
#include "adapters/gemini/gemini.hpp"
#include "adapters/testing/files.hpp"
#include "core/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace axon;
  const std::vector<std::string_view> parts = fuzz::parts_of(fuzz::text_of(data, size), 2);
  AgentTask task;
  task.env["HOME"] = "/h";
  Summary summary;
  summary.session_id = "s";
  std::map<std::string, std::string> files;
  const std::string claude = claude::config_directory(task) + "/projects/p/";
  const std::string codex = codex::config_directory(task) + "/sessions/";
  const std::string gemini = gemini::sessions_directory(task) + "/p/chats/";
  for (const std::string& path : {claude + "s.jsonl", codex + "rollout-1-s.jsonl", gemini + "session-1-s.jsonl"}) {
    files[path] = parts[0];
  }
  for (const std::string& path : {claude + "s/agent.jsonl", codex + "rollout-2-t.jsonl", gemini + "s/t.jsonl"}) {
    files[path] = parts[1];
  }
  const testing::MapFiles view(std::move(files));
  (void)claude::recover(task, summary, view);
  (void)codex::recover(task, summary, view);
  (void)gemini::recover(task, summary, view);
  return 0;
}
