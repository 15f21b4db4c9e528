// What the reconciler writes. Each write is safe to repeat.
#include <algorithm>

#include "controller/log.hpp"
#include "controller/task/reconciler.hpp"
#include "controller/task/task_secret.hpp"
#include "core/json_access.hpp"

namespace axon::controller {
namespace {

using boost::asio::awaitable;
using nlohmann::json;

constexpr std::chrono::seconds kForeignJobAgain{10};

/// The new status over the old one as a merge patch: what is no longer said is taken out. It applies to the version of
/// the Task that the decision was made on, and to no other.
json status_patch(const TaskFacts& task, const TaskStatus& status) {
  json change = to_json(status);
  for (const auto& [key, value] : to_json(task.status).items()) {
    if (!change.contains(key)) change[key] = nullptr;
  }
  return {{"metadata", {{"uid", task.uid}, {"resourceVersion", task.resource_version}}}, {"status", std::move(change)}};
}

bool creates_job(const Plan& plan) {
  return std::ranges::any_of(plan.actions, [](const Action& a) { return std::holds_alternative<CreateJob>(a); });
}

bool deletes_task(const Plan& plan) {
  return std::ranges::any_of(plan.actions, [](const Action& a) { return std::holds_alternative<DeleteTask>(a); });
}

/// The API server has not said that it refused.
bool may_have_been_done(const Error& error) {
  return error.code == Errc::Unavailable || error.code == Errc::TimedOut || error.code == Errc::Internal;
}

kube::Key key_of(const TaskFacts& task) { return {task.ns, task.name}; }

bool is_owned_by(const json& object, const std::string& task_uid) {
  return std::ranges::any_of(array_at(object_at(object, "metadata"), "ownerReferences"),
                             [&](const json& owner) { return text_at(owner, "uid") == task_uid; });
}

}  // namespace

awaitable<Result<kube::WorkQueue::LookAgain>> Tasks::reconcile(Key key) {
  const Result<Fetched> fetched = co_await fetch(key);
  if (!fetched) co_return std::unexpected(fetched.error());
  const std::optional<Observed> seen = observe(key, *fetched);
  if (!seen) {
    if (const Result<void> done = co_await release_pods(key); !done) co_return std::unexpected(done.error());
    co_return std::nullopt;
  }
  const Plan next = plan(*seen, settings_);
  if (creates_job(next)) own_.reserve_job(seen->task.uid);
  const Result<void> done = co_await carry_out(seen->task, next);
  if (!done && done.error().code == Errc::AlreadyExists) co_return co_await tell_of_foreign_job(*seen);
  // A conflict, too: the Task has changed, and what it is now wakes us, unless the API server is not of one mind.
  if (!done) co_return std::unexpected(done.error());
  if (const Result<void> released = co_await release_pods(key); !released) co_return std::unexpected(released.error());
  if (!next.look_again_in) co_return std::nullopt;
  co_return std::chrono::duration_cast<std::chrono::milliseconds>(*next.look_again_in);
}

/// Of one without our label, which no watch shows.
awaitable<Result<kube::WorkQueue::LookAgain>> Tasks::tell_of_foreign_job(Observed seen) {
  seen.job = JobFacts{};
  const Result<void> told = co_await carry_out(seen.task, plan(seen, settings_));
  if (!told) co_return std::unexpected(told.error());
  co_return kForeignJobAgain;
}

awaitable<Result<void>> Tasks::carry_out(const TaskFacts& task, const Plan& plan) {
  for (const Action& action : plan.actions) {
    Result<void> done;
    if (const auto* secret = std::get_if<CreateSecret>(&action)) {
      done = co_await create_secret(task, secret->object);
    } else if (const auto* job = std::get_if<CreateJob>(&action)) {
      done = co_await create_job(task, job->object);
    }
    if (!done) {
      if (!std::holds_alternative<CreateJob>(action)) {
        own_.cancel_reservation(task.uid);
      } else if (may_have_been_done(done.error())) {
        own_.doubt_job(task.uid);
      } else {
        own_.release_job(task.uid);
      }
      co_return done;
    }
  }
  if (plan.status != task.status) {
    Result<void> published = co_await publish(task, plan.status);
    if (!published) co_return published;
    count(task, plan.status);
  }
  record(task, plan);
  if (!deletes_task(plan)) co_return Result<void>{};
  kube::DeleteOptions options;
  options.uid = task.uid;
  Result<void> deleted = co_await client_.remove(resource::kTasks, key_of(task), options);
  if (!deleted && deleted.error().code == Errc::NotFound) deleted = {};
  co_return deleted;
}

awaitable<Result<void>> Tasks::create_secret(TaskFacts task, json object) {
  const Result<json> made = co_await client_.create(resource::kSecrets, std::move(object));
  if (made) co_return Result<void>{};
  if (made.error().code != Errc::AlreadyExists) co_return std::unexpected(made.error());
  const Key key{task.ns, task_secret_name(task.name)};
  const Result<json> there = co_await client_.get(resource::kSecrets, key);
  if (!there) co_return std::unexpected(there.error());
  if (is_owned_by(*there, task.uid)) co_return Result<void>{};
  co_return fail(Errc::Unavailable,
                 "Secret \"" + key.name + "\" belongs to an earlier Task of this name, and is not deleted yet");
}

awaitable<Result<void>> Tasks::create_job(TaskFacts task, json object) {
  const Result<json> made = co_await client_.create(resource::kJobs, std::move(object));
  if (made) {
    metrics_.count_created(task.ns, task.spec.type);
    log_info("job created", {{"task", to_string(key_of(task))}});
    co_return Result<void>{};
  }
  if (made.error().code != Errc::AlreadyExists) co_return std::unexpected(made.error());
  const Result<json> there = co_await client_.get(resource::kJobs, key_of(task));
  if (!there) co_return std::unexpected(there.error());
  if (is_owned_by(*there, task.uid)) co_return Result<void>{};  // the watch is about to show it
  co_return std::unexpected(made.error());
}

awaitable<Result<void>> Tasks::release_pods(Key key) {
  for (const kube::ObjectPtr& object : pods_.cache().find_by(index::kTask, term(key.ns, key.name))) {
    const PodFacts pod = read_pod(object->json());
    if (!pod.is_held || released_.contains(pod.uid) || !may_release(pod, task(key), job(key))) continue;
    std::map<std::string, std::string> labels;
    if (has_ended(pod)) labels[kEndedLabel] = "true";
    Result<void> done =
        co_await client_.remove_finalizer(resource::kPods, object->key, kHoldsResults, pod.uid, std::move(labels));
    if (!done) co_return done;
    released_.insert(pod.uid);
  }
  co_return Result<void>{};
}

awaitable<Result<void>> Tasks::publish(TaskFacts task, TaskStatus status) {
  kube::WriteOptions options;
  options.subresource = "status";
  const Result<json> written = co_await client_.patch(resource::kTasks, key_of(task), kube::PatchType::kMerge,
                                                      status_patch(task, status), options);
  if (!written && written.error().code == Errc::NotFound) co_return Result<void>{};  // deleted meanwhile
  if (!written) co_return std::unexpected(written.error());
  own_.remember(task.uid, text_at(object_at(*written, "metadata"), "resourceVersion"), std::move(status));
  co_return Result<void>{};
}

void Tasks::record(const TaskFacts& task, const Plan& plan) {
  for (const Action& action : plan.actions) {
    const auto* event = std::get_if<RecordEvent>(&action);
    if (event == nullptr) continue;
    recorder_.record({std::string(kApiVersion), "Task", key_of(task), task.uid, event->type == "Warning", event->reason,
                      event->message});
  }
}

void Tasks::count(const TaskFacts& task, const TaskStatus& status) {
  if (status.phase == task.status.phase) return;
  log_info("task " + status.phase, {{"task", to_string(key_of(task))}, {"reason", status.reason}});
  if (!is_finished(status)) return;
  std::optional<std::chrono::seconds> took;
  if (status.start_time && status.completion_time) took = *status.completion_time - *status.start_time;
  metrics_.count_completed(task.ns, task.spec.type, status.phase, took, status.usage);
}

}  // namespace axon::controller
