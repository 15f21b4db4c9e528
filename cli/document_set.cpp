#include "cli/document_set.hpp"

#include "core/names.hpp"
#include "core/yaml.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

struct Head {
  std::string kind;
  std::string name;
};

/// kind, apiVersion and metadata. What kubectl adds to metadata is not looked at.
Head read_head(Fields& top, Problems& problems) {
  Head head;
  head.kind = top.one_of("kind", {"Task", "Workspace", "AgentConfig", "Secret", "TaskSpawner"}, "");
  if (!top.has("kind")) top.problem("kind", "required; one of Task, Workspace, AgentConfig, Secret");
  const std::string version = top.required_text("apiVersion");
  const std::string expected(head.kind == "Secret" ? "v1" : kApiVersion);
  if (!version.empty() && !head.kind.empty() && version != expected) {
    top.problem("apiVersion", "expected " + expected + ", found \"" + version + "\"");
  }
  const json* metadata = top.object("metadata");
  if (metadata == nullptr && !top.has("metadata") && head.kind != "Task") top.problem("metadata", "required");
  if (metadata != nullptr) {
    Fields fields(*metadata, "metadata", problems);
    head.name = head.kind == "Task" ? fields.text("name") : fields.required_text("name");
    if (head.kind == "Task" && !head.name.empty() && !is_dns_label(head.name)) {
      fields.problem("name", "must be a name of a-z, 0-9 and \"-\", at most 63 characters");
    }
  }
  top.ignore("status");
  return head;
}

template <class Spec>
void keep(std::map<std::string, Spec>& specs, const std::string& name, Spec spec, Problems& problems) {
  if (!specs.try_emplace(name, std::move(spec)).second) {
    problems.push_back({"metadata.name", "\"" + name + "\" is here twice for this kind"});
  }
}

void read_document(DocumentSet& set, const json& value, const std::string& source, Problems& problems) {
  Fields top(value, "", problems);
  if (!problems.empty()) return;
  const Head head = read_head(top, problems);
  if (head.kind != "Task" && head.kind != "TaskSpawner") set.others.push_back(value);
  if (head.kind == "Secret") {
    keep(set.secrets, head.name, read_secret(value, problems), problems);
    return;
  }
  if (head.kind == "TaskSpawner") {
    set.warnings.push_back("TaskSpawner \"" + head.name + "\" in " + source + " needs a cluster; it is left out here");
    return;
  }
  const json* spec = top.object("spec");
  if (spec == nullptr && !top.has("spec")) top.problem("spec", "required");
  top.done();
  if (spec == nullptr) return;
  if (head.kind == "Task") {
    set.tasks.push_back({head.name, read_task_spec(*spec, "spec", Completeness::Optional, problems), source, value});
  } else if (head.kind == "Workspace") {
    keep(set.workspaces, head.name, read_workspace_spec(*spec, "spec", problems), problems);
  } else if (head.kind == "AgentConfig") {
    keep(set.agent_configs, head.name, read_agent_config_spec(*spec, "spec", problems), problems);
  }
}

}  // namespace

Result<void> add_documents(DocumentSet& set, std::string_view text, const std::string& source) {
  const Result<std::vector<YamlDocument>> documents = parse_yaml(text, source);
  if (!documents) return std::unexpected(documents.error());
  std::string wrong;
  for (const YamlDocument& document : *documents) {
    Problems problems;
    read_document(set, document.value, source, problems);
    if (!problems.empty()) wrong += (wrong.empty() ? "" : "\n") + describe(problems, document, source);
  }
  if (!wrong.empty()) return fail(Errc::InvalidInput, wrong);
  if (documents->empty()) return fail(Errc::InvalidInput, source + ": holds no document; expected a Task");
  set.sources.push_back(source);
  return {};
}

}  // namespace axon::cli
