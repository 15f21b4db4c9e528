// Parse and execute arbitrary text: no crash, no hang, no overflow of the stack, and within its limits. What a template
// writes into its output, a second execution writes again.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "controller/template/template.hpp"

namespace {

using namespace axon::templates;

const Value& data() {
  static const Value value = Value::from_json(nlohmann::json::parse(R"({
      "a": "text", "n": 3, "f": 1.5, "t": true, "z": null, "l": ["x", 2, null], "m": {"k": {"v": "deep"}, "b": []}})"))
                                 .value();
  return value;
}

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const Limits limits = {.output_bytes = 10'000, .steps = 20'000};
  const auto parsed = parse("fuzz", std::string(reinterpret_cast<const char*>(bytes), size));
  if (!parsed) {
    require(!parsed.error().message.empty(), "an error without a message");
    return 0;
  }
  const auto once = execute(*parsed, data(), limits);
  require(!once || once->size() <= limits.output_bytes, "more output than allowed");
  require(once == execute(*parsed, data(), limits), "a second execution differs");
  return 0;
}
