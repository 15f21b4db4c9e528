#include "cli/cluster_plan.hpp"

#include <algorithm>

#include "cli/credential_plan.hpp"
#include "cli/duration.hpp"
#include "cli/git_source.hpp"
#include "core/credentials.hpp"
#include "core/encoding.hpp"
#include "core/names.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

json object_of(std::string_view version, const char* kind, const std::string& name) {
  return {{"apiVersion", version}, {"kind", kind}, {"metadata", {{"name", name}}}};
}

json named(const std::string& name) { return {{"name", name}}; }

/// A Secret of the plan: each key with its value, or to be taken away.
json secret_with(const std::string& name, const std::vector<std::pair<std::string, const Secret*>>& values) {
  json secret = object_of("v1", "Secret", name);
  for (const auto& [key, value] : values) {
    secret["data"][key] = value == nullptr ? json() : json(to_base64(value->reveal()));
  }
  return secret;
}

/// `data` alone, so that it can be compared with what the API server has.
void decode_string_data(json& secret) {
  const auto found = secret.find("stringData");
  if (found == secret.end()) return;
  for (const auto& [key, value] : found->items()) secret["data"][key] = to_base64(value.get<std::string>());
  secret.erase("stringData");
}

class Planner {
 public:
  Planner(const RunOptions& options, const UserConfig& config, const DocumentSet& documents, const World& world)
      : options_(options), config_(config), documents_(documents), world_(world) {}

  Result<ClusterPlan> operator()() {
    const Result<const NamedTask*> chosen = choose_task(documents_, options_.name);
    if (!chosen) return std::unexpected(chosen.error());
    chosen_ = *chosen;
    begin();
    for (const auto step : {&Planner::add_name, &Planner::add_agent, &Planner::add_prompt, &Planner::add_credentials,
                            &Planner::add_workspace, &Planner::add_references, &Planner::add_pod}) {
      if (const auto done = (this->*step)(); !done) return std::unexpected(done.error());
    }
    return std::move(plan_);
  }

 private:
  json& spec() { return plan_.task["spec"]; }

  void begin() {
    plan_.task = chosen_ != nullptr ? chosen_->document : object_of(kApiVersion, "Task", "");
    plan_.task.erase("status");
    if (!plan_.task.contains("spec")) spec() = json::object();
    for (json other : documents_.others) {
      decode_string_data(other);
      plan_.others.push_back(std::move(other));
    }
  }

  Result<void> add_name() {
    json& metadata = plan_.task["metadata"];
    if (!options_.name.empty()) metadata["name"] = options_.name;
    const std::string name = metadata.value("name", "");
    if (name.empty()) metadata.erase("name");
    if (!options_.cluster.ns.empty()) metadata["namespace"] = options_.cluster.ns;
    if (name.empty() || is_dns_label(name)) return {};
    return fail(Errc::InvalidInput,
                "--name: \"" + name + "\" must be a name of a-z, 0-9 and \"-\", at most 63 characters");
  }

  void put(const char* field, const std::string& flag, const std::string& default_value = "") {
    if (!flag.empty()) spec()[field] = flag;
    if (!spec().contains(field) && !default_value.empty()) spec()[field] = default_value;
  }

  Result<void> add_agent() {
    put("type", options_.type, type_of(config_));
    type_ = spec()["type"];
    const bool is_of_config = type_ == type_of(config_);  // another agent knows other models
    put("model", options_.model, is_of_config ? config_.model : "");
    put("image", options_.image);
    if (!is_dns_label(type_)) {
      return no_type(type_);
    }
    if (spec().contains("image") || !credential_variables(type_, "").empty()) return {};
    return fail(Errc::InvalidInput, "unknown type \"" + type_ + "\"; expected one of " + builtin_type_names() +
                                        ", or any name together with --image IMAGE");
  }

  Result<void> add_prompt() {
    Result<std::string> prompt = prompt_of(options_, chosen_, world_);
    if (!prompt) return std::unexpected(prompt.error());
    constexpr std::size_t kMaxPrompt = 1 << 20;  // of crds/tasks.yaml, and of a Secret
    if (prompt->size() > kMaxPrompt) {
      return fail(Errc::InvalidInput, "the prompt has " + std::to_string(prompt->size()) +
                                          " bytes, a cluster takes 1048576 (1 MiB); put the rest into the repository");
    }
    spec()["prompt"] = *std::move(prompt);
    return {};
  }

  // --- credentials -----------------------------------------------------------------------------------------------

  Result<void> add_credentials() {
    json& credentials = spec()["credentials"];
    const std::string& kind = options_.credential_type;
    if (kind == "none") {
      credentials = {{"type", "none"}};
      return {};
    }
    if (!options_.secret.empty()) {
      refer(options_.secret, kind.empty() ? config_.credential_type : kind);
    } else if (!credentials.is_null()) {
      if (!kind.empty()) credentials["type"] = kind;
    } else if (config_.credential_type == "none" && kind.empty()) {
      credentials = {{"type", "none"}};
    } else if (!config_.secret.empty()) {
      refer(config_.secret, kind.empty() ? config_.credential_type : kind);
    } else {
      return add_own_credentials();
    }
    return {};
  }

  void refer(const std::string& secret, const std::string& kind) {
    spec()["credentials"] = {{"type", kind.empty() || kind == "none" ? "api-key" : kind}, {"secretRef", named(secret)}};
  }

  /// The token of the config file. It is not handed to another provider than the one that it is for.
  Result<void> add_own_credentials() {
    const auto [token, kind, field] = token_of(config_);
    const std::string where = path_of(config_);
    if (token.empty()) {
      return fail(Errc::NotFound,
                  "no credential for " + type_ + ": put oauthToken or apiKey into " + where +
                      " (axon init makes it), or name a Secret: --secret NAME "
                      "(--credential-type none runs without one); axon run --local takes the one of your environment");
    }
    if (type_ != type_of(config_)) {
      return fail(Errc::InvalidInput, where + ": " + field + " is for " + type_of(config_) + "; name a Secret for " +
                                          type_ + " by --secret NAME, or say there: type: " + type_);
    }
    if (!options_.credential_type.empty() && options_.credential_type != kind) {
      return fail(Errc::InvalidInput, "--credential-type " + options_.credential_type + ": " + where + " has " + field +
                                          ", which is " + kind + "; name a Secret by --secret NAME");
    }
    const std::vector<std::string> keys = credential_variables(type_, kind);
    if (keys.empty()) {
      return fail(Errc::InvalidInput, "the variable of the credential of " + type_ +
                                          " is not known here; name a Secret that has it as key: --secret NAME");
    }
    plan_.others.push_back(secret_with(kCredentialsSecret, {{keys.front(), &token}}));
    refer(kCredentialsSecret, kind);
    return {};
  }

  // --- the workspace ---------------------------------------------------------------------------------------------

  Result<void> add_workspace() {
    json& reference = spec()["workspaceRef"];
    const ConfigWorkspace& config = config_.workspace;
    if (!options_.workspace.empty()) {
      reference = named(options_.workspace);
    } else if (!options_.repo.empty()) {
      return make_workspace(options_.repo, options_.repo == config.repo ? config.ref : "",
                            options_.repo == config.repo);
    } else if (reference.is_null() && !config.name.empty()) {
      reference = named(config.name);
    } else if (reference.is_null() && !config.repo.empty()) {
      return make_workspace(config.repo, config.ref, true);
    }
    if (reference.is_null()) spec().erase("workspaceRef");
    if (options_.ref.empty()) return {};
    return fail(Errc::InvalidInput,
                "--ref: goes with --repo, or with a repo in the config file; a Workspace that is "
                "in the cluster has its own ref");
  }

  /// A token is for the repository that it stands beside.
  Result<void> make_workspace(const std::string& repo, const std::string& ref, bool has_token) {
    if (const auto usable = check_repo(repo, "--repo"); !usable) return usable;
    json workspace = object_of(kApiVersion, "Workspace", kOwnWorkspace);
    const std::string& start = options_.ref.empty() ? ref : options_.ref;
    workspace["spec"] = {{"repo", repo}, {"ref", start.empty() ? json() : json(start)}, {"secretRef", nullptr}};
    const ConfigWorkspace& config = config_.workspace;
    if (has_token && config.github_app) {
      const auto secret = app_secret(*config.github_app);
      if (!secret) return std::unexpected(secret.error());
      plan_.others.push_back(*secret);
    } else if (has_token && !config.token.empty()) {
      plan_.others.push_back(secret_with(
          kWorkspaceSecret,
          {{"GITHUB_TOKEN", &config.token}, {"appID", nullptr}, {"installationID", nullptr}, {"privateKey", nullptr}}));
    }
    if (has_token && (config.github_app || !config.token.empty())) {
      workspace["spec"]["secretRef"] = named(kWorkspaceSecret);
    }
    plan_.others.push_back(std::move(workspace));
    spec()["workspaceRef"] = named(kOwnWorkspace);
    return {};
  }

  Result<json> app_secret(const ConfigGithubApp& app) const {
    Result<std::string> key = world_.read(app.private_key_path);
    if (!key) return wrap(config_.source + ": workspace.githubApp.privateKeyPath", std::move(key).error());
    const Secret id(app.app_id);
    const Secret installation(app.installation_id);
    const Secret pem(*std::move(key));
    return secret_with(
        kWorkspaceSecret,
        {{"appID", &id}, {"installationID", &installation}, {"privateKey", &pem}, {"GITHUB_TOKEN", nullptr}});
  }

  // --- the rest --------------------------------------------------------------------------------------------------

  Result<void> add_references() {
    const bool has_config = spec().contains("agentConfigRef") || spec().contains("agentConfigRefs");
    if (!options_.agent_config.empty()) {
      spec().erase("agentConfigRefs");
      spec()["agentConfigRef"] = named(options_.agent_config);
    } else if (!has_config && !config_.agent_config.empty()) {
      spec()["agentConfigRef"] = named(config_.agent_config);
    }
    if (!options_.depends_on.empty()) spec()["dependsOn"] = options_.depends_on;
    put("branch", options_.branch);
    if (const auto branch = check_branch(options_); !branch) return branch;
    if (options_.branch.empty() || spec().contains("workspaceRef")) return {};
    return fail(Errc::InvalidInput, "--branch: is of a repository; name one: --repo URL or --workspace NAME");
  }

  static Result<void> add_seconds(json& object, const char* field, const std::string& flag, const char* name) {
    if (flag.empty()) return {};
    const auto duration = parse_duration(flag, name);
    if (!duration) return std::unexpected(duration.error());
    object[field] = duration->count();
    return {};
  }

  Result<void> add_pod() {
    const Result<Environment> env = flag_environment(options_, world_);
    if (!env) return std::unexpected(env.error());
    json pod = spec().value("podOverrides", json::object());
    for (const auto& [name, value] : *env) {
      json& list = pod["env"];
      if (list.is_null()) list = json::array();
      std::erase_if(list.get_ref<json::array_t&>(), [&](const json& one) { return one.value("name", "") == name; });
      list.push_back({{"name", name}, {"value", value}});
    }
    if (auto done = add_seconds(pod, "activeDeadlineSeconds", options_.timeout, "--timeout"); !done) return done;
    if (!pod.empty()) spec()["podOverrides"] = std::move(pod);
    if (auto done = add_seconds(spec(), "stallSeconds", options_.stall, "--stall"); !done) return done;
    return add_seconds(spec(), "gracePeriodSeconds", options_.grace, "--grace");
  }

  const RunOptions& options_;
  const UserConfig& config_;
  const DocumentSet& documents_;
  const World& world_;
  const NamedTask* chosen_ = nullptr;
  ClusterPlan plan_;
  std::string type_;
};

}  // namespace

Result<ClusterPlan> plan_cluster_run(const RunOptions& options, const UserConfig& config, const DocumentSet& documents,
                                     const World& world) {
  return Planner(options, config, documents, world)();
}

}  // namespace axon::cli
