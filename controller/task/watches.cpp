#include "controller/task/watches.hpp"

#include "controller/task/facts.hpp"
#include "core/documents.hpp"
#include "core/json_access.hpp"

namespace axon::controller {
namespace {

using kube::Json;

const std::string kOurs = std::string(kManagedBy) + "=" + kManager;

std::string namespace_of(const Json& object) { return text_at(object_at(object, "metadata"), "namespace"); }

/// Keeps these keys of an object and nothing else.
void keep(Json& object, std::initializer_list<const char*> keys) {
  if (!object.is_object()) return;
  Json kept = Json::object();
  for (const char* key : keys) {
    if (const auto found = object.find(key); found != object.end()) kept[key] = std::move(*found);
  }
  object = std::move(kept);
}

void keep_names(Json& object) {
  keep(object["metadata"], {"name", "namespace", "uid", "resourceVersion"});
  keep(object, {"metadata"});
}

/// Of a Task that has ended only the results are read again, by those that depend on it.
void trim_task(Json& object) {
  if (object.contains("metadata") && object["metadata"].is_object()) {
    if (const auto found = object["metadata"].find("annotations"); found != object["metadata"].end()) {
      object["metadata"].erase(found);
    }
  }
  if (!has_ended(object)) return;
  Json& spec = object["spec"];
  if (spec.is_object()) spec["prompt"] = "(ended)";
  Json& status = object["status"];
  keep(status, {"phase", "jobName", "completionTime", "outputs", "results"});
}

void trim_job(Json& object) {
  keep(object["metadata"], {"name", "namespace", "uid", "resourceVersion", "ownerReferences", "deletionTimestamp"});
  keep(object["status"], {"conditions"});
  keep(object, {"metadata", "status"});
}

void trim_event(Json& object) {
  keep(object["metadata"], {"name", "namespace", "uid", "resourceVersion"});
  keep(object["involvedObject"], {"name", "uid"});
  keep(object, {"metadata", "involvedObject", "message", "lastTimestamp"});
}

/// Of the spec only which init containers are sidecars.
Json sidecars_of(const Json& spec) {
  Json sidecars = Json::array();
  for (const Json& container : array_at(spec, "initContainers")) {
    if (is_sidecar(container)) sidecars.push_back({{"name", container["name"]}, {"restartPolicy", "Always"}});
  }
  return sidecars.empty() ? Json::object() : Json{{"initContainers", std::move(sidecars)}};
}

void trim_pod(Json& object) {
  keep(object["metadata"], {"name", "namespace", "uid", "resourceVersion", "ownerReferences", "deletionTimestamp",
                            "deletionGracePeriodSeconds", "finalizers", "labels"});
  keep(object["status"], {"phase", "reason", "message", "conditions", "initContainerStatuses", "containerStatuses"});
  object["spec"] = sidecars_of(object_at(object, "spec"));
  keep(object, {"metadata", "spec", "status"});
}

std::vector<std::string> one_term(const Json& object, const std::string& name) {
  if (name.empty()) return {};
  return {term(namespace_of(object), name)};
}

std::string reference(const Json& object, const char* field) {
  return text_at(object_at(object_at(object, "spec"), field), "name");
}

std::vector<std::string> dependency_terms(const Json& task) {
  std::vector<std::string> terms;
  for (const Json& name : array_at(object_at(task, "spec"), "dependsOn")) {
    if (name.is_string()) terms.push_back(term(namespace_of(task), name.get<std::string>()));
  }
  return terms;
}

std::vector<std::string> branch_terms(const Json& task) {
  const std::string branch = text_at(object_at(task, "spec"), "branch");
  const std::string workspace = reference(task, "workspaceRef");
  if (branch.empty() || workspace.empty()) return {};
  return {branch_term(namespace_of(task), workspace, branch)};
}

std::vector<std::string> agent_config_terms(const Json& task) {
  std::vector<std::string> terms = one_term(task, reference(task, "agentConfigRef"));
  for (const Json& ref : array_at(object_at(task, "spec"), "agentConfigRefs")) {
    terms.push_back(term(namespace_of(task), text_at(ref, "name")));
  }
  return terms;
}

std::vector<std::string> agent_config_secrets(const Json& config) {
  std::vector<std::string> terms;
  for (const Json& server : array_at(object_at(config, "spec"), "mcpServers")) {
    for (const char* list : {"headersFrom", "envFrom"}) {
      for (const Json& value : array_at(server, list)) {
        terms.push_back(term(namespace_of(config), text_at(object_at(value, "secretKeyRef"), "name")));
      }
    }
  }
  return terms;
}

kube::InformerOptions options(const kube::Resource& resource, const std::string& ns, kube::Trim trim) {
  kube::InformerOptions options;
  options.resource = resource;
  options.list.ns = ns;
  options.trim = std::move(trim);
  return options;
}

}  // namespace

std::string term(const std::string& ns, const std::string& name) { return ns + "/" + name; }

std::string branch_term(const std::string& ns, const std::string& workspace, const std::string& branch) {
  return ns + "/" + workspace + "/" + branch;
}

kube::InformerOptions watch_tasks(const std::string& ns) {
  kube::InformerOptions watch = options(resource::kTasks, ns, trim_task);
  watch.indexers = {
      {index::kDependency, dependency_terms},
      {index::kBranch, branch_terms},
      {index::kWorkspace, [](const Json& task) { return one_term(task, reference(task, "workspaceRef")); }},
      {index::kAgentConfig, agent_config_terms},
      {index::kSecret,
       [](const Json& task) {
         return one_term(task,
                         text_at(object_at(object_at(object_at(task, "spec"), "credentials"), "secretRef"), "name"));
       }},
  };
  return watch;
}

kube::InformerOptions watch_jobs(const std::string& ns) {
  kube::InformerOptions watch = options(resource::kJobs, ns, trim_job);
  watch.list.label_selector = kOurs;
  watch.list.unread.emplace_back("spec");
  return watch;
}

kube::InformerOptions watch_pods(const std::string& ns) {
  kube::InformerOptions watch = options(resource::kPods, ns, trim_pod);
  watch.list.label_selector = kOurs + ",!" + kEndedLabel;
  watch.indexers = {{index::kTask, [](const Json& pod) { return one_term(pod, task_of(pod)); }},
                    {index::kHeld, [](const Json& pod) {
                       return is_held(pod) ? std::vector<std::string>{""} : std::vector<std::string>{};
                     }}};
  return watch;
}

kube::InformerOptions watch_workspaces(const std::string& ns) {
  kube::InformerOptions watch = options(resource::kWorkspaces, ns, {});
  watch.indexers = {
      {index::kSecret, [](const Json& object) { return one_term(object, reference(object, "secretRef")); }}};
  return watch;
}

kube::InformerOptions watch_agent_configs(const std::string& ns) {
  kube::InformerOptions watch = options(resource::kAgentConfigs, ns, {});
  watch.indexers = {{index::kSecret, agent_config_secrets}};
  return watch;
}

kube::InformerOptions watch_secrets(const std::string& ns) {
  kube::InformerOptions watch = options(resource::kSecrets, ns, keep_names);
  watch.list.metadata_only = true;
  watch.list.label_selector = "!" + std::string(kTaskLabel);
  return watch;
}

kube::InformerOptions watch_refusals(const std::string& ns) {
  kube::InformerOptions watch = options(resource::kEvents, ns, trim_event);
  watch.list.field_selector = "reason=FailedCreate,involvedObject.kind=Job";
  watch.indexers = {{index::kJobUid, [](const Json& event) {
                       return std::vector<std::string>{text_at(object_at(event, "involvedObject"), "uid")};
                     }}};
  return watch;
}

}  // namespace axon::controller
