// YAML of arbitrary text, read as every kind of document: each problem is told with its file, nothing crashes.
#include "core/documents.hpp"
#include "core/fuzz/fuzz.hpp"
#include "core/yaml.hpp"

namespace {

using namespace axon;

void read(const YamlDocument& document) {
  const bool whole = document.value.is_object() && document.value.contains("spec");
  const nlohmann::json& spec = whole ? document.value["spec"] : document.value;
  Problems problems;
  (void)read_task_spec(spec, "spec", Completeness::Required, problems);
  (void)read_task_spec(spec, "spec", Completeness::Optional, problems);
  (void)read_workspace_spec(spec, "spec", problems);
  (void)read_agent_config_spec(spec, "spec", problems);
  (void)read_secret(document.value, problems);
  const std::string described = describe(problems, document, "task.yaml");
  fuzz::require(problems.empty() || described.starts_with("task.yaml"), "a problem does not name the file");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto documents = parse_yaml(fuzz::text_of(data, size), "task.yaml");
  if (!documents) {
    fuzz::require(documents.error().message.starts_with("task.yaml"), "the error does not name the file");
    return 0;
  }
  for (const YamlDocument& document : *documents) read(document);
  return 0;
}
