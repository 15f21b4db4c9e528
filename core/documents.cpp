#include "core/documents.hpp"

#include "core/encoding.hpp"
#include "core/names.hpp"

namespace axon {
namespace {

using nlohmann::json;

constexpr std::int64_t kMax = INT64_MAX;
constexpr std::int64_t kMaxDepth = 1'000'000;

std::optional<CredentialsRef> read_credentials(Fields& spec, Completeness completeness, Problems& problems) {
  const json* object = spec.object("credentials");
  if (object == nullptr) {
    if (completeness == Completeness::Required && !spec.has("credentials")) spec.problem("credentials", "required");
    return std::nullopt;
  }
  Fields fields(*object, spec.path_of("credentials"), problems);
  if (!fields.has("type")) fields.problem("type", "required; one of api-key, oauth, none");
  CredentialsRef credentials{.type = fields.one_of("type", {"api-key", "oauth", "none"}, "api-key"),
                             .secret = fields.reference("secretRef")};
  if (credentials.type != "none" && !fields.has("secretRef")) fields.problem("secretRef", "required");
  fields.done();
  return credentials;
}

/// agentConfigRef, then those of agentConfigRefs.
std::vector<std::string> read_agent_configs(Fields& spec) {
  const std::string first = spec.reference("agentConfigRef");
  std::vector<std::string> names = spec.references("agentConfigRefs");
  if (!first.empty()) names.insert(names.begin(), first);
  return names;
}

void check_type(Fields& fields, const std::string& type) {
  if (type.empty() || is_dns_label(type)) return;
  fields.problem("type", "must be a name of a-z, 0-9 and \"-\", at most 63 characters");
}

std::vector<InjectedFile> read_files(Fields& spec, Problems& problems) {
  std::vector<InjectedFile> files;
  for (const json* item : spec.objects("files")) {
    Fields fields(*item, spec.path_of(at_index("files", files.size())), problems);
    InjectedFile file{fields.text("path"), fields.text("content")};
    if (const std::string wrong = relative_path_problem(file.path); !wrong.empty()) fields.problem("path", wrong);
    if (!fields.has("content")) fields.problem("content", "required");
    fields.done();
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace

TaskSpec read_task_spec(const json& spec, const std::string& path, Completeness completeness, Problems& problems) {
  Fields fields(spec, path, problems);
  const bool all = completeness == Completeness::Required;
  TaskSpec task;
  task.type = all ? fields.required_text("type") : fields.text("type");
  check_type(fields, task.type);
  task.prompt = all ? fields.required_text("prompt") : fields.text("prompt");
  task.credentials = read_credentials(fields, completeness, problems);
  task.model = fields.text("model");
  task.image = fields.text("image");
  task.workspace = fields.reference("workspaceRef");
  task.agent_configs = read_agent_configs(fields);
  task.depends_on = fields.texts("dependsOn");
  task.branch = fields.text("branch");
  if (const std::string wrong = branch_name_problem(task.branch); !wrong.empty()) fields.problem("branch", wrong);
  task.ttl_seconds_after_finished = fields.integer("ttlSecondsAfterFinished", 0, kMax);
  task.stall_seconds = fields.integer("stallSeconds", 1, kMax);
  task.grace_period_seconds = fields.integer("gracePeriodSeconds", 1, kMax);
  task.inject_entrypoint = fields.boolean("injectEntrypoint").value_or(false);
  task.pod_overrides = read_pod_overrides(fields, problems);
  fields.done();
  return task;
}

WorkspaceSpec read_workspace_spec(const json& spec, const std::string& path, Problems& problems) {
  Fields fields(spec, path, problems);
  WorkspaceSpec workspace;
  workspace.repo = fields.required_text("repo");
  workspace.ref = fields.text("ref");
  workspace.secret = fields.reference("secretRef");
  if (const auto depth = fields.integer("depth", 0, kMaxDepth)) workspace.depth = static_cast<int>(*depth);
  workspace.files = read_files(fields, problems);
  workspace.setup_command = fields.texts("setupCommand");
  workspace.lfs = fields.boolean("lfs");
  read_parts_wanted(fields, workspace.filter, workspace.sparse);
  fields.done();
  return workspace;
}

SecretSpec read_secret(const json& document, Problems& problems) {
  Fields fields(document, "", problems);
  SecretSpec secret;
  for (const auto& [key, encoded] : fields.text_map("data")) {
    std::string compact = encoded;
    std::erase_if(compact, [](char c) { return c == '\n' || c == ' '; });
    if (auto value = from_base64(compact)) {
      secret.values[key] = Secret(std::move(*value));
    } else {
      fields.problem("data." + key, "not base64; use stringData for plain text");
    }
  }
  for (auto& [key, value] : fields.text_map("stringData")) secret.values[key] = Secret(value);
  for (const char* known : {"apiVersion", "kind", "metadata", "type", "immutable", "status"}) fields.ignore(known);
  fields.done();
  return secret;
}

}  // namespace axon
