// The Task's reconciler: observe (every read), plan (every decision, in plan.hpp), apply and publish (every write). One
// object, one thread; events only say which Task to look at again.
#pragma once

#include <memory>
#include <set>

#include "controller/github/token_keeper.hpp"
#include "controller/metrics.hpp"
#include "controller/task/own_writes.hpp"
#include "controller/task/plan.hpp"
#include "controller/task/resolve.hpp"
#include "controller/task/watches.hpp"
#include "kube/client.hpp"
#include "kube/informer.hpp"
#include "kube/recorder.hpp"
#include "kube/work_queue.hpp"

namespace axon::controller {

class Tasks {
 public:
  /// Client, recorder and metrics outlive this. `ns` empty: all namespaces. `environment` is for the way to GitHub.
  Tasks(kube::Client& client, kube::Recorder& recorder, Metrics& metrics, Settings settings, const std::string& ns,
        const Environment& environment);

  /// Watches and reconciles until it is cancelled.
  boost::asio::awaitable<void> run(int workers);

  /// The watches have shown everything that was there at the start.
  [[nodiscard]] bool has_synced() const;

 private:
  using Key = kube::Key;

  /// What had to be asked for, beside the watches.
  struct Fetched {
    std::string log;
    std::map<std::string, SecretSpec> secrets;
  };
  struct CachedSecret {
    std::string resource_version;
    SecretSpec content;
  };

  github::Surroundings surroundings();
  kube::Informer watch(kube::InformerOptions options, kube::Informer::Handler handle);

  // Which Tasks an event concerns.
  void on_task(const kube::Change& change);
  void on_job(const kube::Change& change);
  void on_pod(const kube::Change& change);
  void look_at_held_pods();
  void on_refusal(const kube::Change& change);
  void on_secret(const kube::Change& change);
  void wake(const std::string& index, const std::string& term);
  void wake_same_branch(const std::string& ns, const nlohmann::json& task);

  // Observe.
  [[nodiscard]] std::optional<TaskFacts> task(const Key& key) const;
  [[nodiscard]] std::optional<JobFacts> job(const Key& key) const;
  [[nodiscard]] std::optional<PodFacts> pod(const Key& key, const std::string& job_uid) const;
  [[nodiscard]] std::string refusal(const std::string& job_uid) const;
  [[nodiscard]] bool has_live_pod(const Key& key) const;
  [[nodiscard]] bool is_in_use(const Key& workspace) const;
  [[nodiscard]] std::optional<std::string> branch_holder(const TaskFacts& task) const;
  [[nodiscard]] Lookup lookup(const std::string& ns, std::map<std::string, TaskFacts>& loaded) const;
  boost::asio::awaitable<Result<Fetched>> fetch(Key key);
  boost::asio::awaitable<Result<std::string>> read_log(Key pod, std::string container);
  boost::asio::awaitable<Result<std::optional<SecretSpec>>> read_secret(Key key);
  [[nodiscard]] std::optional<Observed> observe(const Key& key, const Fetched& fetched) const;

  // Apply.
  boost::asio::awaitable<Result<kube::WorkQueue::LookAgain>> reconcile(Key key);
  boost::asio::awaitable<Result<kube::WorkQueue::LookAgain>> tell_of_foreign_job(Observed seen);
  boost::asio::awaitable<Result<void>> carry_out(const TaskFacts& task, const Plan& plan);
  boost::asio::awaitable<Result<void>> create_secret(TaskFacts task, nlohmann::json object);
  boost::asio::awaitable<Result<void>> create_job(TaskFacts task, nlohmann::json object);
  boost::asio::awaitable<Result<void>> release_pods(Key key);
  boost::asio::awaitable<Result<void>> publish(TaskFacts task, TaskStatus status);
  void record(const TaskFacts& task, const Plan& plan);
  void count(const TaskFacts& task, const TaskStatus& status);

  kube::Client& client_;
  kube::Recorder& recorder_;
  Metrics& metrics_;
  Settings settings_;
  OwnWrites own_;
  mutable std::pair<kube::ObjectPtr, TaskFacts> last_task_;  // one reconciliation asks for the same several times
  std::map<Key, CachedSecret> secrets_content_;
  std::set<std::string> released_;  // Pods, by uid, whose finalizer is off and was not seen to be off yet
  kube::WorkQueue queue_;
  github::TokenKeeper tokens_;
  kube::Informer tasks_;
  kube::Informer jobs_;
  kube::Informer pods_;
  kube::Informer workspaces_;
  kube::Informer agent_configs_;
  kube::Informer secrets_;
  kube::Informer refusals_;
};

}  // namespace axon::controller
