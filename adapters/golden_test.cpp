// Every folder adapters/AGENT/testdata/CASE is a test: what it holds decides what is checked.
//   stdout.jsonl (a real CLI's stream) -> events.jsonl     whole, byte by byte and at random cuts
//   task.json    [+ home/: files there before] -> launch.json or error.txt; a second run leaves the same files
//   agent.yaml, or manifest.path naming one below the source tree: the adapter is the one that it describes
//   session.json [+ home/]: {"session_id"} -> usage.json: what recover finds
// AXON_UPDATE_GOLDEN=1 rewrites the right-hand sides; the diff is reviewed like code.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "adapters/adapter.hpp"
#include "adapters/manifest/manifest.hpp"
#include "adapters/testing/event_json.hpp"
#include "adapters/testing/files.hpp"
#include "core/json_text.hpp"

namespace axon {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;
using testing::MapFiles;

constexpr const char* kHome = "/home/agent";

// The folder of each adapter's goldens.
const std::map<std::string, std::string>& folders() {
  static const std::map<std::string, std::string> map = {
      {"claude", "claude-code"}, {"codex", "codex"}, {"gemini", "gemini"}, {"manifest", ""}, {"opencode", "opencode"}};
  return map;
}

void expect_golden(const fs::path& path, const std::string& actual) {
  if (std::getenv("AXON_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << actual;
    return;
  }
  EXPECT_EQ(testing::read_file(path.string()), actual) << path;
}

std::string lines(const std::vector<Event>& events) {
  std::string text;
  for (const Event& event : events) {
    text += json_text(testing::to_json(event)) + "\n";
  }
  return text;
}

/// Feeds the pieces that `next_size` asks for.
std::vector<Event> parse(const Adapter& adapter, std::string_view stream,
                         const std::function<std::size_t()>& next_size) {
  std::vector<Event> events;
  const EventSink sink = [&](Event&& event) { events.push_back(std::move(event)); };
  const auto parser = adapter.make_parser();
  while (!stream.empty()) {
    // A copy of its own, so that a sanitizer sees a read beyond it.
    const std::string piece(stream.substr(0, next_size()));
    stream.remove_prefix(piece.size());
    parser->feed(piece, sink);
  }
  parser->finish(sink);
  return events;
}

void check_stream(const Adapter& adapter, const fs::path& folder) {
  const std::string stream = testing::read_file((folder / "stdout.jsonl").string());
  const std::vector<Event> whole = parse(adapter, stream, [&] { return stream.size(); });
  expect_golden(folder / "events.jsonl", lines(whole));
  EXPECT_EQ(lines(parse(adapter, stream, [] { return std::size_t{1}; })), lines(whole));
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    const auto size = [&] { return std::uniform_int_distribution<std::size_t>(1, 1 + seed * 50)(random); };
    EXPECT_EQ(lines(parse(adapter, stream, size)), lines(whole)) << "seed " << seed;
  }
}

void check_plan(const Adapter& adapter, const fs::path& folder) {
  const AgentTask task = testing::read_agent_task(json::parse(testing::read_file((folder / "task.json").string())));
  MapFiles files = MapFiles::from_folder((folder / "home").string(), kHome);
  const Result<Launch> launch = adapter.plan(task, files);
  if (!launch) {
    EXPECT_EQ(launch.error().code, Errc::InvalidInput);
    return expect_golden(folder / "error.txt", launch.error().message + "\n");
  }
  expect_golden(folder / "launch.json", testing::to_json(*launch).dump(2) + "\n");
  files.write(*launch);
  const MapFiles once = files;
  const Result<Launch> again = adapter.plan(task, files);
  ASSERT_TRUE(again) << again.error().message;
  files.write(*again);
  EXPECT_TRUE(files == once) << "a second run writes other bytes";
}

void check_recover(const Adapter& adapter, const fs::path& folder) {
  const json session = json::parse(testing::read_file((folder / "session.json").string()));
  Summary summary;
  summary.session_id = session.at("session_id");
  const MapFiles files = MapFiles::from_folder((folder / "home").string(), kHome);
  const std::optional<Usage> usage = adapter.recover(testing::read_agent_task(session), summary, files);
  ordered_json out;
  if (usage) out = testing::to_json(Event(event::UsageTotal{*usage}))["usage"];
  expect_golden(folder / "usage.json", out.dump(2) + "\n");
}

struct Case {
  std::string agent;
  fs::path folder;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& [folder, agent] : folders()) {
    for (const auto& entry : fs::directory_iterator(fs::path(AXON_SOURCE_DIR) / "adapters" / folder / "testdata")) {
      all.push_back({agent, entry.path()});
    }
  }
  return all;
}

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  std::string name =
      info.param.folder.parent_path().parent_path().filename().string() + "_" + info.param.folder.filename().string();
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

Result<Adapter> adapter_of(const Case& test) {
  if (const Adapter* builtin = find_builtin_adapter(test.agent)) return *builtin;
  const fs::path by_path = test.folder / "manifest.path";
  if (!fs::exists(by_path))
    return load_manifest(testing::read_file((test.folder / "agent.yaml").string()), "agent.yaml");
  std::string path = testing::read_file(by_path.string());
  path.erase(path.find_last_not_of('\n') + 1);
  return load_manifest(testing::read_file(AXON_SOURCE_DIR "/" + path), path);
}

class Golden : public ::testing::TestWithParam<Case> {};

TEST_P(Golden, Holds) {
  const fs::path& folder = GetParam().folder;
  const Result<Adapter> adapter = adapter_of(GetParam());
  if (!adapter) {
    EXPECT_EQ(adapter.error().code, Errc::InvalidInput);
    return expect_golden(folder / "error.txt", adapter.error().message + "\n");
  }
  if (fs::exists(folder / "stdout.jsonl")) check_stream(*adapter, folder);
  if (fs::exists(folder / "task.json")) check_plan(*adapter, folder);
  if (fs::exists(folder / "session.json")) check_recover(*adapter, folder);
}

INSTANTIATE_TEST_SUITE_P(Adapters, Golden, ::testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace axon
