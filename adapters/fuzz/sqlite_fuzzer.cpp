// A database file and its log of arbitrary bytes, as an agent may leave them: read to an end, in bounded time, with the
// numbers that a report can hold. The first byte says how many pages of 512 bytes the file has; the log follows.
#include "adapters/opencode/files.hpp"
#include "adapters/opencode/opencode.hpp"
#include "adapters/sqlite/database.hpp"
#include "adapters/testing/files.hpp"
#include "core/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace axon;
  if (size < 1 || size > 200'000) return 0;
  const std::string_view bytes = fuzz::text_of(data + 1, size - 1);
  const std::size_t length = std::min<std::size_t>(bytes.size(), std::size_t{data[0]} * 512);
  AgentTask task;
  task.env["HOME"] = "/h";
  const std::string path = opencode::database_file(task);
  const testing::MapFiles files(
      {{path, std::string(bytes.substr(0, length))}, {path + "-wal", std::string(bytes.substr(length))}});
  std::size_t rows = 0;
  const sqlite::Database database(files, path);
  (void)database.each_row("item", {"id", "number", "cost", "note"}, [&](const auto&) { ++rows; });
  Summary summary;
  summary.session_id = "root";
  (void)opencode::recover(task, summary, files);
  return 0;
}
