#include "cli/doctor_checks.hpp"

#include <algorithm>

#include "cli/install_plan.hpp"
#include "cli/resources.hpp"
#include "cli/task_watch.hpp"
#include "cli/text.hpp"
#include "core/credentials.hpp"

namespace axon::cli {
namespace {

using kube::text_at;
using nlohmann::json;
using Level = Check::Level;

constexpr int kOldestMinor = 28;

std::string text_of(const Right& right) {
  return right.verb + " " + right.resource.plural + (right.subresource.empty() ? "" : "/" + right.subresource);
}

std::vector<std::string> keys_of(const json& secret) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : secret.value("data", json::object()).items()) keys.push_back(key);
  return keys;
}

/// The tag of "registry:5000/axon-controller:1.2"; empty: none.
std::string tag_of(const std::string& image) {
  const std::size_t colon = image.rfind(':');
  if (colon == std::string::npos || image.find('/', colon) != std::string::npos) return {};
  return image.substr(colon + 1);
}

bool holds(const std::vector<std::string>& keys, const std::string& key) {
  return std::ranges::find(keys, key) != keys.end();
}

bool has_repository_keys(const std::vector<std::string>& keys) {
  const bool has_app = holds(keys, "appID") && holds(keys, "installationID") && holds(keys, "privateKey");
  return has_app || holds(keys, "GITHUB_TOKEN") || holds(keys, "ssh-privatekey");
}

}  // namespace

std::vector<Right> needed_rights() {
  std::vector<Right> rights;
  for (const char* verb : {"create", "get", "list", "watch", "delete"}) rights.push_back({verb, resource::kTasks, ""});
  for (const char* verb : {"create", "get", "patch"}) {
    rights.push_back({verb, resource::kWorkspaces, ""});
    rights.push_back({verb, resource::kSecrets, ""});
  }
  for (const char* verb : {"list", "watch"}) rights.push_back({verb, resource::kPods, ""});
  rights.push_back({"get", resource::kPods, "log"});
  return rights;
}

json review_of(const Right& right, const std::string& ns) {
  json attributes = {
      {"namespace", ns}, {"verb", right.verb}, {"group", right.resource.group}, {"resource", right.resource.plural}};
  if (!right.subresource.empty()) attributes["subresource"] = right.subresource;
  return {{"apiVersion", "authorization.k8s.io/v1"},
          {"kind", "SelfSubjectAccessReview"},
          {"spec", {{"resourceAttributes", std::move(attributes)}}}};
}

Check check_rights(const std::vector<Right>& missing, const std::string& ns) {
  if (missing.empty()) return {"rights", Level::Good, "you may do all that axon does in namespace " + ns, ""};
  std::vector<std::string> texts;
  for (const Right& right : missing) texts.push_back(text_of(right));
  return {"rights", Level::Bad, "in namespace " + ns + " you may not " + join(texts),
          "have the ClusterRole edit bound to you in that namespace"};
}

Check check_version(const kube::ServerVersion& version, const std::string& server) {
  const std::string what = "Kubernetes " + version.text + " at " + server;
  if (version.major > 1 || version.minor >= kOldestMinor) return {"cluster", Level::Good, what, ""};
  return {"cluster", Level::Bad, what, "Axon needs 1." + std::to_string(kOldestMinor) + " or newer"};
}

Check check_resources(const std::vector<std::string>& missing) {
  if (missing.empty()) return {"resources", Level::Good, "the cluster knows Axon's resources", ""};
  return {"resources", Level::Bad, "the cluster does not know " + join(missing), "run axon install"};
}

Check check_controller(const Result<json>& deployment, const std::string& trouble, const std::string& version) {
  if (!deployment && deployment.error().code == Errc::NotFound) {
    return {"controller", Level::Bad, "is not installed", "run axon install"};
  }
  if (!deployment) return failed_check("controller", deployment.error());
  const json image = deployment->value("/spec/template/spec/containers/0/image"_json_pointer, json(""));
  const std::string name = image.is_string() ? image.get<std::string>() : "";
  if (deployment->value("/spec/replicas"_json_pointer, 1) == 0) {
    return {"controller", Level::Bad, "is scaled to 0",
            "kubectl scale deployment/axon-controller-manager -n axon-system --replicas=1"};
  }
  if (!is_rolled_out(*deployment)) {
    return {"controller", Level::Bad, name + " is not ready" + (trouble.empty() ? "" : ": " + trouble),
            "kubectl describe pods -n axon-system -l app.kubernetes.io/component=controller"};
  }
  if (tag_of(name) == version) return {"controller", Level::Good, name + " is ready", ""};
  return {"controller", Level::Doubtful, name + " is ready; this axon is " + version,
          "if these are different versions, run axon install with this one"};
}

Check check_namespace(const Result<json>& found, const std::string& ns) {
  if (found || found.error().code == Errc::PermissionDenied) return {"namespace", Level::Good, ns, ""};
  if (found.error().code != Errc::NotFound) return failed_check("namespace", found.error());
  return {"namespace", Level::Bad, "there is no " + ns, "kubectl create namespace " + ns + ", or choose another: -n"};
}

Check check_credential(const UserConfig& config, const std::optional<Result<json>>& secret) {
  const std::string type = type_of(config);
  if (config.credential_type == "none") return {"credential", Level::Good, "none is wanted", ""};
  if (config.secret.empty()) {
    const bool has_token = !config.oauth_token.empty() || !config.api_key.empty();
    if (has_token) return {"credential", Level::Good, "a token for " + type + " in " + config.source, ""};
    return {"credential", Level::Doubtful, "no default for axon run",
            "axon init makes a config file to put one into; or name a Secret at each run: --secret"};
  }
  if (!secret) return {"credential", Level::Good, "Secret " + config.secret, ""};
  if (!*secret && secret->error().code == Errc::NotFound) {
    return {"credential", Level::Bad, "there is no Secret " + config.secret,
            "make it, or change secret in " + config.source};
  }
  if (!*secret) return failed_check("credential", secret->error());
  const std::vector<std::string> keys = keys_of(**secret);
  const std::string kind = config.credential_type.empty() ? "api-key" : config.credential_type;
  const std::vector<std::string> wanted = credential_variables(type, kind);
  if (wanted.empty() || holds(keys, wanted.front())) {
    return {"credential", Level::Good, "Secret " + config.secret + " with " + join(keys), ""};
  }
  return {"credential", Level::Bad,
          "Secret " + config.secret + " has " + (keys.empty() ? "no key" : join(keys)) + ", but " + type + " with " +
              kind + " needs " + wanted.front(),
          "add that key, or say the right type and credentialType in " + config.source};
}

Check check_workspace(const UserConfig& config, const std::optional<Result<json>>& workspace,
                      const std::optional<Result<json>>& secret) {
  const ConfigWorkspace& wanted = config.workspace;
  if (!wanted.repo.empty()) return {"workspace", Level::Good, wanted.repo + " of " + config.source, ""};
  if (wanted.name.empty())
    return {"workspace", Level::Good, "no default: Tasks start in their image's working directory", ""};
  if (workspace && !*workspace && workspace->error().code == Errc::NotFound) {
    return {"workspace", Level::Bad, "there is no Workspace " + wanted.name,
            "make it: axon create workspace " + wanted.name + ", or change workspace.name in " + config.source};
  }
  if (workspace && !*workspace) return failed_check("workspace", workspace->error());
  if (secret && !*secret && secret->error().code == Errc::NotFound) {
    return {"workspace", Level::Bad, "the Secret of Workspace " + wanted.name + " is not there",
            "make the Secret that its secretRef names"};
  }
  if (secret && *secret && !has_repository_keys(keys_of(**secret))) {
    return {"workspace", Level::Bad, "the Secret of Workspace " + wanted.name + " has no key for a repository",
            "give it GITHUB_TOKEN, or appID, installationID and privateKey"};
  }
  return {"workspace", Level::Good, "Workspace " + wanted.name, ""};
}

std::vector<Check> check_tasks(const std::vector<json>& tasks) {
  std::vector<Check> checks;
  for (const json& task : tasks) {
    const SeenTask seen = see_task(task);
    if (seen.has_ended || seen.note.empty() || seen.phase == "Waiting") continue;
    checks.push_back({"task " + seen.name, Level::Doubtful, seen.note, "axon get task " + seen.name + " --detail"});
  }
  return checks;
}

Check failed_check(const std::string& name, const Error& error) {
  const bool forbidden = error.code == Errc::PermissionDenied;
  return {name, forbidden ? Level::Doubtful : Level::Bad, error.message,
          forbidden ? "ask somebody who may look" : "see above"};
}

std::string render_checks(const std::vector<Check>& checks, bool in_colour) {
  const Style style{.colour = in_colour};
  std::size_t width = 0;
  for (const Check& check : checks) width = std::max(width, check.name.size());
  std::string text;
  for (const Check& check : checks) {
    const std::string mark = check.level == Level::Good       ? style.green("good ")
                             : check.level == Level::Doubtful ? style.yellow("look ")
                                                              : style.red("wrong");
    text +=
        mark + "  " + check.name + std::string(width - check.name.size() + 2, ' ') + printable(check.finding) + "\n";
    if (!check.advice.empty()) text += std::string(width + 9, ' ') + style.bold(printable(check.advice)) + "\n";
  }
  return text;
}

json to_json(const std::vector<Check>& checks) {
  json list = json::array();
  for (const Check& check : checks) {
    const char* level = check.level == Level::Good ? "good" : check.level == Level::Doubtful ? "look" : "wrong";
    list.push_back({{"name", check.name}, {"level", level}, {"finding", check.finding}, {"advice", check.advice}});
  }
  return list;
}

}  // namespace axon::cli
