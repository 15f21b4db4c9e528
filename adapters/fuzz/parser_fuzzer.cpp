// Every built-in parser and one of a manifest against arbitrary bytes: no crash, and the same events however they are
// cut.
#include "adapters/adapter.hpp"
#include "adapters/manifest/manifest.hpp"
#include "adapters/testing/event_json.hpp"
#include "core/fuzz/fuzz.hpp"

namespace {

using namespace axon;

constexpr std::string_view kManifest = R"(contract: v1
name: any
command: [any]
stream:
  format: jsonl
  events:
    - when: {type: system, subtype: init}
      session: {id: session_id, model: model}
    - each: message.content[]
      when: {type: assistant, "message.content[].type": text}
      text: {text: "message.content[].text", subagent: parent_tool_use_id}
    - when: {type: result}
      usageTotal: {input: modelUsage.*.inputTokens, output: modelUsage.*.outputTokens, cost: total_cost_usd}
    - when: {type: result, is_error: false}
      result: {response: result, turns: num_turns}
    - when: {type: result, is_error: true}
      result: {message: [result, "errors[]"], status: api_error_status, isError: is_error}
)";

std::vector<nlohmann::ordered_json> events(const Adapter& adapter, std::string_view bytes, std::size_t cut) {
  std::vector<nlohmann::ordered_json> seen;
  Summary summary;
  const EventSink sink = [&](Event&& event) {
    seen.push_back(testing::to_json(event));
    update(summary, event);
  };
  const auto parser = adapter.make_parser();
  while (!bytes.empty()) {
    parser->feed(bytes.substr(0, cut), sink);
    bytes.remove_prefix(std::min(cut, bytes.size()));
  }
  parser->finish(sink);
  return seen;
}

const std::vector<Adapter>& adapters() {
  static const std::vector<Adapter> all = [] {
    std::vector<Adapter> list(builtin_adapters().begin(), builtin_adapters().end());
    const Result<Adapter> any = load_manifest(kManifest, "agent.yaml");
    fuzz::require(any.has_value(), any ? "" : any.error().message.c_str());
    list.push_back(*any);
    return list;
  }();
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 20'000) return 0;
  const std::string_view bytes = fuzz::text_of(data + 1, size - 1);
  for (const Adapter& adapter : adapters()) {
    fuzz::require(events(adapter, bytes, bytes.size() + 1) == events(adapter, bytes, std::size_t{1} + data[0]),
                  (adapter.name + ": the events depend on how the bytes are cut").c_str());
  }
  return 0;
}
