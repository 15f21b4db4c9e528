// What the reconciler reads: its watches, and what they do not show.
#include <algorithm>

#include "controller/task/branches.hpp"
#include "controller/task/job.hpp"
#include "controller/task/reconciler.hpp"
#include "controller/task/stage.hpp"
#include "core/json_access.hpp"
#include "kube/clock.hpp"

namespace axon::controller {
namespace {

using boost::asio::awaitable;
using nlohmann::json;

constexpr std::int64_t kLogLines = 200;  // of an image that leaves no report: its block of outputs comes last
constexpr std::size_t kMaxLog = std::size_t{512} * 1024;

}  // namespace

std::optional<TaskFacts> Tasks::task(const Key& key) const {
  const kube::ObjectPtr object = tasks_.cache().find(key);
  if (!object) return std::nullopt;
  if (last_task_.first != object) last_task_ = {object, read_task(object->json())};
  TaskFacts facts = last_task_.second;
  own_.bring_up_to_date(facts);
  return facts;
}

std::optional<JobFacts> Tasks::job(const Key& key) const {
  const kube::ObjectPtr object = jobs_.cache().find(key);
  return object ? std::optional(read_job(object->json())) : std::nullopt;
}

std::optional<PodFacts> Tasks::pod(const Key& key, const std::string& job_uid) const {
  for (const kube::ObjectPtr& object : pods_.cache().find_by(index::kTask, term(key.ns, key.name))) {
    PodFacts facts = read_pod(object->json());
    if (facts.job_uid == job_uid) return facts;
  }
  return std::nullopt;
}

std::string Tasks::refusal(const std::string& job_uid) const {
  std::string when;
  std::string message;
  for (const kube::ObjectPtr& object : refusals_.cache().find_by(index::kJobUid, job_uid)) {
    const json event = object->json();
    if (const std::string at = text_at(event, "lastTimestamp"); at >= when) {
      when = at;
      message = text_at(event, "message");
    }
  }
  constexpr std::string_view kPrefix = "Error creating: ";
  return message.starts_with(kPrefix) ? message.substr(kPrefix.size()) : message;
}

bool Tasks::has_live_pod(const Key& key) const {
  return std::ranges::any_of(pods_.cache().find_by(index::kTask, term(key.ns, key.name)),
                             [](const kube::ObjectPtr& object) { return !has_ended(read_pod(object->json())); });
}

bool Tasks::is_in_use(const Key& workspace) const {
  return std::ranges::any_of(tasks_.cache().find_by(index::kWorkspace, term(workspace.ns, workspace.name)),
                             [this](const kube::ObjectPtr& object) {
                               const std::optional<TaskFacts> user = task(object->key);
                               return user && !is_finished(user->status);
                             });
}

Lookup Tasks::lookup(const std::string& ns, std::map<std::string, TaskFacts>& loaded) const {
  const auto object_in = [ns](const kube::Informer& informer) {
    return [&informer, ns](const std::string& name) -> std::optional<json> {
      const kube::ObjectPtr object = informer.cache().find({ns, name});
      return object ? std::optional(object->json()) : std::nullopt;
    };
  };
  Lookup lookup;
  lookup.workspace = object_in(workspaces_);
  lookup.agent_config = object_in(agent_configs_);
  lookup.has_secret = [this, ns](const std::string& name) { return secrets_.cache().find({ns, name}) != nullptr; };
  lookup.github_token = [this, ns](const std::string& workspace) { return tokens_.standing({ns, workspace}); };
  lookup.task = [this, ns, &loaded](const std::string& name) -> const TaskFacts* {
    const auto known = loaded.find(name);
    if (known != loaded.end()) return &known->second;
    std::optional<TaskFacts> facts = task({ns, name});
    return facts ? &loaded.emplace(name, *std::move(facts)).first->second : nullptr;
  };
  return lookup;
}

std::optional<std::string> Tasks::branch_holder(const TaskFacts& task) const {
  if (task.spec.branch.empty() || task.spec.workspace.empty()) return std::nullopt;
  std::vector<BranchClaim> claims;
  std::map<std::string, TaskFacts> loaded;
  const Lookup tasks = lookup(task.ns, loaded);
  const std::string same = branch_term(task.ns, task.spec.workspace, task.spec.branch);
  for (const kube::ObjectPtr& object : tasks_.cache().find_by(index::kBranch, same)) {
    if (object->key.name == task.name) {
      claims.push_back({task.name, task.created, own_.may_have_job(task.uid), false});
      continue;
    }
    const std::optional<TaskFacts> other = this->task(object->key);
    if (!other) continue;
    const bool finished = is_finished(other->status);
    const bool started = has_started(*other, job(object->key), own_.may_have_job(other->uid));
    BranchClaim claim{other->name, other->created, false, false};
    claim.holds = (started && !finished) || has_live_pod(object->key);
    if (!finished && !started && !other->deleting) {
      const Condition* accepted = find_condition(other->status, condition::kAccepted);
      claim.eligible = (accepted == nullptr || accepted->holds) &&
                       std::holds_alternative<DependenciesMet>(check_dependencies(*other, tasks.task));
    }
    claims.push_back(std::move(claim));
  }
  return controller::branch_holder(task.name, task.created, claims);
}

awaitable<Result<std::string>> Tasks::read_log(Key pod, std::string container) {
  std::string log;
  kube::LogOptions options;
  options.container = std::move(container);
  options.tail_lines = kLogLines;
  const http::BodySink sink = [&log](std::string_view bytes) -> Result<void> {
    log += bytes;
    if (log.size() > 2 * kMaxLog) log.erase(0, log.size() - kMaxLog);  // the block comes last
    return {};
  };
  const Result<void> read = co_await client_.logs(std::move(pod), std::move(options), sink);
  // A log that is gone with its node holds up nothing: then there are no outputs.
  if (!read && read.error().code != Errc::NotFound && read.error().code != Errc::InvalidInput) {
    co_return std::unexpected(read.error());
  }
  co_return log;
}

awaitable<Result<std::optional<SecretSpec>>> Tasks::read_secret(Key key) {
  const kube::ObjectPtr known = secrets_.cache().find(key);
  if (!known) co_return std::nullopt;
  CachedSecret& cached = secrets_content_[key];
  if (cached.resource_version == known->resource_version) co_return cached.content;
  const Result<json> object = co_await client_.get(resource::kSecrets, key);
  if (!object && object.error().code == Errc::NotFound) co_return std::nullopt;
  if (!object) co_return std::unexpected(object.error());
  Problems problems;
  SecretSpec content = axon::read_secret(*object, problems);
  secrets_content_[key] = {text_at(object_at(*object, "metadata"), "resourceVersion"), content};
  co_return content;
}

awaitable<Result<Tasks::Fetched>> Tasks::fetch(Key key) {
  Fetched fetched;
  const std::optional<TaskFacts> seen = task(key);
  if (!seen || is_finished(seen->status)) co_return fetched;
  const std::optional<JobFacts> own_job = job(key);
  if (own_job) {
    const std::optional<PodFacts> own_pod = pod(key, own_job->uid);
    const std::string container = agent_container(seen->spec);
    if (own_pod && needs_log(*own_pod, container)) {
      Result<std::string> log = co_await read_log(Key{key.ns, own_pod->name}, container);
      if (!log) co_return std::unexpected(log.error());
      fetched.log = *std::move(log);
    }
    co_return fetched;
  }
  std::map<std::string, TaskFacts> loaded;
  for (const std::string& name : secrets_to_read(*seen, lookup(key.ns, loaded))) {
    Result<std::optional<SecretSpec>> secret = co_await read_secret(Key{key.ns, name});
    if (!secret) co_return std::unexpected(secret.error());
    if (*secret) fetched.secrets[name] = **std::move(secret);
  }
  co_return fetched;
}

/// From the watches alone, without a pause in between: nobody else decides meanwhile.
std::optional<Observed> Tasks::observe(const Key& key, const Fetched& fetched) const {
  std::optional<TaskFacts> seen = task(key);
  if (!seen) return std::nullopt;
  Observed observed;
  observed.now = kube::now();
  observed.log = fetched.log;
  observed.job = job(key);
  observed.job_is_certain = !own_.has_reserved(seen->uid);
  if (observed.job) observed.pod = pod(key, observed.job->uid);
  if (observed.job && !observed.pod) observed.refusal = refusal(observed.job->uid);
  if (observed.pod && !seen->spec.workspace.empty()) observed.token = tokens_.standing({key.ns, seen->spec.workspace});
  if (!observed.job && !is_finished(seen->status) && observed.job_is_certain) {
    std::map<std::string, TaskFacts> loaded;
    Lookup there = lookup(key.ns, loaded);
    there.secrets = fetched.secrets;
    observed.dependencies = check_dependencies(*seen, there.task);
    if (std::holds_alternative<DependenciesMet>(observed.dependencies)) {
      observed.resolution = resolve(*seen, there);
      observed.branch_holder = branch_holder(*seen);
    }
  }
  observed.task = *std::move(seen);
  return observed;
}

}  // namespace axon::controller
