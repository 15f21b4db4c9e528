// The extractor against arbitrary bytes: the same records however they are cut, and for valid JSON what nlohmann reads.
// The first byte chooses where the bytes are cut.
#include <nlohmann/json.hpp>

#include "adapters/stream/json_lines.hpp"
#include "core/fuzz/fuzz.hpp"

namespace {

using axon::fuzz::require;
using nlohmann::json;
using namespace axon::stream;

const std::vector<PathSpec> kSpecs = {{"a"}, {"b.c"}, {"l[]"}, {"m.*.n"}, {"j", true}, {"o[].p"}};

std::shared_ptr<const JsonPaths> paths() {
  static const auto compiled = std::make_shared<const JsonPaths>(JsonPaths::compile(kSpecs).value());
  return compiled;
}

struct Seen {
  bool is_object = false;
  std::string line;
  std::vector<std::pair<int, std::string>> values;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> read(std::string_view bytes, std::size_t cut) {
  std::vector<Seen> all;
  const RecordSink sink = [&](const Record& record) {
    Seen seen{record.is_object, std::string(record.line), {}};
    for (const Value& value : record.values) {
      seen.values.emplace_back(value.path * 8 + static_cast<int>(value.kind), std::string(value.text));
    }
    all.push_back(std::move(seen));
  };
  JsonLines lines(paths());
  while (!bytes.empty()) {
    const std::string piece(bytes.substr(0, cut));
    bytes.remove_prefix(piece.size());
    lines.feed(piece, sink);
  }
  lines.finish(sink);
  return all;
}

/// The last value of the path "a", which is at the top and so comes at most as often as it is written.
void compare_with(const json& expected, const Seen& seen) {
  const auto found = expected.find("a");
  std::optional<std::string> text;
  for (const auto& [id, value] : seen.values) {
    if (id / 8 == 0) text = id % 8 == static_cast<int>(Kind::String) ? value : "";
  }
  require(text.has_value() == (found != expected.end()), "\"a\" is there for one of the two only");
  if (text && found->is_string()) require(*text == found->get<std::string>(), "\"a\" differs");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 20'000) return 0;
  const std::string_view bytes = axon::fuzz::text_of(data + 1, size - 1);
  const std::vector<Seen> whole = read(bytes, bytes.size() + 1);
  require(read(bytes, 1) == whole, "byte by byte differs");
  require(read(bytes, 1 + data[0]) == whole, "cut in pieces differs");
  // nlohmann takes a NUL for the end and skips a byte order mark; here both make a plain line.
  if (whole.size() != 1 || bytes.find_first_of(std::string_view("\n\0", 2)) != std::string_view::npos) return 0;
  if (bytes.starts_with("\xEF\xBB\xBF")) return 0;
  const json expected = json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (expected.is_discarded()) return 0;
  require(whole.front().is_object == expected.is_object(), "a valid object is taken for a plain line");
  if (expected.is_object()) compare_with(expected, whole.front());
  return 0;
}
