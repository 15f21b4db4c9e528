#include "controller/task/reconciler.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "controller/log.hpp"
#include "core/json_access.hpp"

namespace axon::controller {
namespace {

using boost::asio::awaitable;
using kube::Change;
using kube::Key;
using nlohmann::json;

/// The object of a change as it is, or as it was last.
const kube::ObjectPtr& object_of(const Change& change) { return change.after ? change.after : change.before; }

}  // namespace

Tasks::Tasks(kube::Client& client, kube::Recorder& recorder, Metrics& metrics, Settings settings, const std::string& ns,
             const Environment& environment)
    : client_(client),
      recorder_(recorder),
      metrics_(metrics),
      settings_(std::move(settings)),
      queue_(
          client.executor(), [this](Key key) { return reconcile(std::move(key)); },
          [this](const Key& key, const Error& error) {
            if (error.code == Errc::Conflict) return;  // somebody else was faster: no fault of anybody's
            metrics_.count_error("task");
            log_warning("reconcile failed", {{"task", to_string(key)}, {"error", error.message}});
          }),
      tokens_(client, recorder, metrics, environment, surroundings()),
      tasks_(watch(watch_tasks(ns), [this](const Change& change) { on_task(change); })),
      jobs_(watch(watch_jobs(ns), [this](const Change& change) { on_job(change); })),
      pods_(watch(watch_pods(ns), [this](const Change& change) { on_pod(change); })),
      workspaces_(watch(watch_workspaces(ns),
                        [this](const Change& change) {
                          const Key& key = object_of(change)->key;
                          wake(index::kWorkspace, term(key.ns, key.name));
                          tokens_.look_at(key);
                        })),
      agent_configs_(watch(watch_agent_configs(ns),
                           [this](const Change& change) {
                             const Key& key = object_of(change)->key;
                             wake(index::kAgentConfig, term(key.ns, key.name));
                           })),
      secrets_(watch(watch_secrets(ns), [this](const Change& change) { on_secret(change); })),
      refusals_(watch(watch_refusals(ns), [this](const Change& change) { on_refusal(change); })) {}

github::Surroundings Tasks::surroundings() {
  github::Surroundings all;
  all.workspace = [this](const Key& key) -> std::optional<json> {
    const kube::ObjectPtr object = workspaces_.cache().find(key);
    return object ? std::optional(object->json()) : std::nullopt;
  };
  all.secret = [this](Key key) { return read_secret(std::move(key)); };
  all.is_in_use = [this](const Key& key) { return is_in_use(key); };
  all.on_change = [this](const Key& key) { wake(index::kWorkspace, term(key.ns, key.name)); };
  return all;
}

kube::Informer Tasks::watch(kube::InformerOptions options, kube::Informer::Handler handle) {
  const std::string what = options.resource.plural;
  return {client_, std::move(options), std::move(handle), [what](const Error& error) {
            LogKeys fields = {{"resource", what}, {"error", error.message}};
            // A list knows of no other reason.
            if (error.code == Errc::NotFound)
              fields.emplace_back("hint", "the API server does not know it; run axon install");
            log_warning("watch broke off", fields);
          }};
}

bool Tasks::has_synced() const {
  return tasks_.has_synced() && jobs_.has_synced() && pods_.has_synced() && workspaces_.has_synced() &&
         agent_configs_.has_synced() && secrets_.has_synced();
}

void Tasks::wake(const std::string& index, const std::string& term) {
  for (const kube::ObjectPtr& object : tasks_.cache().find_by(index, term)) queue_.add(object->key);
}

void Tasks::wake_same_branch(const std::string& ns, const json& task) {
  const json& spec = object_at(task, "spec");
  const std::string branch = text_at(spec, "branch");
  if (!branch.empty()) wake(index::kBranch, branch_term(ns, text_at(object_at(spec, "workspaceRef"), "name"), branch));
}

void Tasks::on_task(const Change& change) {
  const kube::ObjectPtr& object = object_of(change);
  const Key& key = object->key;
  if (change.after) {
    own_.seen(object->uid, object->resource_version);
    const json& spec = object_at(change.json, "spec");
    const std::string workspace = text_at(object_at(spec, "workspaceRef"), "name");
    const bool ended = has_ended(change.json);
    // After a restart thousands of Tasks are there that have ended long ago: nothing is to be done for them.
    if (!ended || spec.contains("ttlSecondsAfterFinished")) queue_.add(key);
    if (!ended && !workspace.empty()) tokens_.look_at({key.ns, workspace});
  } else {
    own_.forget(object->uid);
  }
  wake(index::kDependency, term(key.ns, key.name));
  if (change.before) wake_same_branch(key.ns, change.json);
}

void Tasks::on_job(const Change& change) {
  if (!has_synced()) return;  // each Task that has not ended is looked at anyway
  if (change.after) own_.release_job(read_job(change.json).task_uid);
  queue_.add(object_of(change)->key);
}

void Tasks::on_pod(const Change& change) {
  if (!has_synced()) return;  // as above
  const std::string name = task_of(change.json);
  if (name.empty()) return;
  const Key key{object_of(change)->key.ns, name};
  queue_.add(key);
  const PodFacts facts = read_pod(change.json);
  if (!change.after || !facts.is_held) released_.erase(facts.uid);
  const bool gives_branch_back = !change.after || has_ended(facts);
  if (!gives_branch_back) return;
  if (const kube::ObjectPtr task = tasks_.cache().find(key)) wake_same_branch(key.ns, task->json());
}

/// A Job has the name of its Task.
void Tasks::on_refusal(const Change& change) {
  if (!change.after) return;
  const Key key{change.after->key.ns, text_at(object_at(change.after->json(), "involvedObject"), "name")};
  if (tasks_.cache().find(key)) queue_.add(key);
}

/// Those of the first list: their Tasks may have ended, or gone, while no controller ran.
void Tasks::look_at_held_pods() {
  for (const kube::ObjectPtr& object : pods_.cache().find_by(index::kHeld, "")) {
    const std::string name = task_of(object->json());
    if (!name.empty()) queue_.add({object->key.ns, name});
  }
}

void Tasks::on_secret(const Change& change) {
  const Key& key = object_of(change)->key;
  if (!change.after) secrets_content_.erase(key);
  if (!change.after) tokens_.on_deleted_secret(key);
  wake(index::kSecret, term(key.ns, key.name));
  for (const kube::ObjectPtr& workspace : workspaces_.cache().find_by(index::kSecret, term(key.ns, key.name))) {
    wake(index::kWorkspace, term(workspace->key.ns, workspace->key.name));
    tokens_.look_at(workspace->key);
  }
  for (const kube::ObjectPtr& config : agent_configs_.cache().find_by(index::kSecret, term(key.ns, key.name))) {
    wake(index::kAgentConfig, term(config->key.ns, config->key.name));
  }
}

awaitable<void> Tasks::run(int workers) {
  using namespace boost::asio::experimental::awaitable_operators;
  const auto work = [](Tasks* self, int count) -> awaitable<void> {
    for (kube::Informer* informer :
         {&self->tasks_, &self->jobs_, &self->pods_, &self->workspaces_, &self->agent_configs_, &self->secrets_}) {
      co_await informer->synced();
    }
    self->look_at_held_pods();
    log_info("caches are complete", {{"tasks", std::to_string(self->tasks_.cache().size())}});
    co_await (self->queue_.run(count) || self->tokens_.run());
  };
  co_await (tasks_.run() || jobs_.run() || pods_.run() || workspaces_.run() || agent_configs_.run() || secrets_.run() ||
            refusals_.run() || work(this, workers));
}

}  // namespace axon::controller
