#include "core/pod_overrides.hpp"

namespace axon {
namespace {

using nlohmann::json;

void check_key_ref(Fields& from, const std::string& key, Problems& problems) {
  const json* object = from.object(key);
  if (object == nullptr) return;
  Fields reference(*object, from.path_of(key), problems);
  reference.required_text("name");
  reference.required_text("key");
  reference.boolean("optional");
  reference.done();
}

void check_field_ref(Fields& from, Problems& problems) {
  const json* object = from.object("fieldRef");
  if (object == nullptr) return;
  Fields reference(*object, from.path_of("fieldRef"), problems);
  reference.required_text("fieldPath");
  reference.text("apiVersion");
  reference.done();
}

json read_value_from(Fields& variable, Problems& problems) {
  const json* object = variable.object("valueFrom");
  if (object == nullptr) return nullptr;
  Fields from(*object, variable.path_of("valueFrom"), problems);
  check_key_ref(from, "secretKeyRef", problems);
  check_key_ref(from, "configMapKeyRef", problems);
  check_field_ref(from, problems);
  if (from.has("secretKeyRef") + from.has("configMapKeyRef") + from.has("fieldRef") != 1) {
    from.problem("", "must be exactly one of secretKeyRef, configMapKeyRef and fieldRef");
  }
  from.done();
  return *object;
}

std::vector<EnvVar> read_env(Fields& overrides, Problems& problems) {
  std::vector<EnvVar> env;
  for (const json* item : overrides.objects("env")) {
    Fields fields(*item, overrides.path_of(at_index("env", env.size())), problems);
    EnvVar variable;
    variable.name = fields.required_text("name");
    if (variable.name.find('=') != std::string::npos) fields.problem("name", "must not contain \"=\"");
    variable.value = fields.text("value");
    variable.value_from = read_value_from(fields, problems);
    if (fields.has("value") && fields.has("valueFrom")) fields.problem("valueFrom", "not allowed beside value");
    fields.done();
    env.push_back(std::move(variable));
  }
  return env;
}

/// Objects that Kubernetes checks; these texts have to be there.
std::vector<json> read_list(Fields& overrides, const std::string& key, const std::vector<std::string>& required,
                            Problems& problems) {
  std::vector<json> list;
  for (const json* item : overrides.objects(key)) {
    Fields fields(*item, overrides.path_of(at_index(key, list.size())), problems);
    for (const std::string& name : required) fields.required_text(name);
    list.push_back(*item);
  }
  return list;
}

json read_object(Fields& overrides, const std::string& key) {
  const json* object = overrides.object(key);
  return object == nullptr ? json() : *object;
}

}  // namespace

PodOverrides read_pod_overrides(Fields& spec, Problems& problems) {
  PodOverrides overrides;
  const json* object = spec.object("podOverrides");
  if (object == nullptr) return overrides;
  Fields fields(*object, spec.path_of("podOverrides"), problems);
  overrides.active_deadline_seconds = fields.integer("activeDeadlineSeconds", 1, INT64_MAX);
  overrides.env = read_env(fields, problems);
  overrides.resources = read_object(fields, "resources");
  overrides.labels = fields.text_map("labels");
  overrides.annotations = fields.text_map("annotations");
  overrides.node_selector = fields.text_map("nodeSelector");
  overrides.tolerations = read_list(fields, "tolerations", {}, problems);
  overrides.affinity = read_object(fields, "affinity");
  overrides.priority_class = fields.text("priorityClassName");
  overrides.runtime_class = fields.text("runtimeClassName");
  overrides.service_account = fields.text("serviceAccountName");
  overrides.image_pull_secrets = fields.references("imagePullSecrets");
  overrides.security_context = read_object(fields, "securityContext");
  overrides.volumes = read_list(fields, "volumes", {"name"}, problems);
  overrides.volume_mounts = read_list(fields, "volumeMounts", {"name", "mountPath"}, problems);
  overrides.sidecars = read_list(fields, "sidecars", {"name", "image"}, problems);
  fields.done();
  return overrides;
}

}  // namespace axon
