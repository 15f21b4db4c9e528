#include "adapters/manifest/manifest.hpp"

#include "adapters/manifest/parser.hpp"
#include "adapters/manifest/plan.hpp"
#include "adapters/manifest/read.hpp"
#include "core/yaml.hpp"

namespace axon {

Result<Adapter> load_manifest(std::string_view yaml, const std::string& source) {
  Result<std::vector<YamlDocument>> documents = parse_yaml(yaml, source);
  if (!documents) return std::unexpected(std::move(documents).error());
  if (documents->size() != 1) {
    return fail(Errc::InvalidInput,
                source + ": expected one YAML document, found " + std::to_string(documents->size()));
  }
  Problems problems;
  const auto manifest =
      std::make_shared<const manifest::Manifest>(manifest::read_manifest(documents->front().value, problems));
  if (!problems.empty()) return fail(Errc::InvalidInput, describe(problems, documents->front(), source));
  Adapter adapter;
  adapter.name = manifest->name;
  adapter.plan = [manifest](const AgentTask& task, const FileView& files) {
    return manifest::plan(*manifest, task, files);
  };
  adapter.make_parser = [manifest] { return manifest::make_parser(manifest); };
  adapter.recover = [](const AgentTask&, const Summary&, const FileView&) { return std::optional<Usage>(); };
  adapter.credential_variables = manifest->credentials;
  adapter.stop_signal = manifest->stop_signal;
  adapter.reports_result = manifest->success_needs_result;
  return adapter;
}

}  // namespace axon
