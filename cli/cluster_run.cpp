#include "cli/cluster_run.hpp"

#include "cli/cluster.hpp"
#include "cli/cluster_plan.hpp"
#include "cli/cluster_task.hpp"
#include "cli/difference.hpp"
#include "cli/ensure.hpp"
#include "cli/facts.hpp"
#include "cli/follow_task.hpp"
#include "cli/hints.hpp"
#include "cli/host.hpp"
#include "cli/print_object.hpp"
#include "cli/resources.hpp"
#include "cli/run_flags.hpp"
#include "cli/run_setup.hpp"
#include "cli/yaml_text.hpp"
#include "core/json_access.hpp"
#include "kube/clock.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;
using kube::text_at;
using nlohmann::json;

constexpr int kNameAttempts = 10;

void tell(const std::string& line) { write_line(2, terminal_style(2).dim("axon: ") + printable(line)); }

/// Of a Task that failed; what `axon get task NAME --detail` says.
void tell_hint(const json& task) {
  const std::string hint = hint_for(read_status(object_at(task, "status")), text_at(task, "/metadata/name"));
  if (!hint.empty()) tell("hint: " + hint);
}

/// Secrets are only named: the output of a dry run may be kept.
void print_plan(ClusterPlan plan, const std::string& output) {
  if (!plan.task["metadata"].contains("name")) plan.task["metadata"]["name"] = generated_name();
  std::vector<json> documents;
  for (const json& other : plan.others) {
    if (text_at(other, "/kind") != "Secret") {
      documents.push_back(without_nulls(other));
      continue;
    }
    std::vector<std::string> keys;
    for (const auto& [key, value] : other.value("data", json::object()).items()) {
      if (!value.is_null()) keys.push_back(key);
    }
    tell(name_of(other) + " would get " + join(keys));
  }
  documents.push_back(std::move(plan.task));
  if (output == "json") {
    return documents.size() == 1 ? print_object(std::move(documents.front()), output)
                                 : print_list(std::move(documents), output);
  }
  for (std::size_t i = 0; i < documents.size(); ++i) {
    if (output == "name") {
      write_line(1, name_of(documents[i]));
    } else {
      write_all(1, (i > 0 ? "---\n" : "") + yaml_text(documents[i]));
    }
  }
}

class ClusterRun {
 public:
  ClusterRun(kube::Client& client, const RunOptions& options, ClusterPlan plan)
      : client_(client), options_(options), plan_(std::move(plan)) {
    ns_ = text_at(plan_.task, "/metadata/namespace");
    if (ns_.empty()) ns_ = client_.default_namespace();
  }

  /// `created` becomes the Task's name when it is there.
  awaitable<Result<int>> run(std::string& created) {
    EnsureOptions how;
    how.yes = options_.yes;
    how.if_refused = "; no Task was made";
    for (json& other : plan_.others) {
      json& ns = other["metadata"]["namespace"];
      if (ns.is_null()) ns = ns_;
      if (auto done = co_await ensure(client_, other, how); !done) co_return std::unexpected(done.error());
    }
    const Result<json> task = co_await create();
    if (!task) co_return std::unexpected(task.error());
    created = text_at(*task, "/metadata/name");
    tell_created(*task);
    if (!options_.watch) co_return 0;
    co_return co_await follow(kube::key_of(*task), text_at(*task, "/spec/type"));
  }

 private:
  awaitable<Result<json>> create() {
    json& metadata = plan_.task["metadata"];
    metadata["namespace"] = ns_;
    const bool is_named = metadata.contains("name");
    for (int attempt = 1;; ++attempt) {
      if (!is_named) metadata["name"] = generated_name();
      Result<json> made = co_await client_.create(resource::kTasks, plan_.task);
      if (!made && was_lost(made.error())) made = co_await find_made(std::move(made));
      if (made || made.error().code != Errc::AlreadyExists) co_return made;
      if (!is_named && attempt < kNameAttempts) continue;
      const std::string name = metadata.value("name", "");
      co_return fail(Errc::InvalidInput, "Task \"" + name + "\" is there already in namespace " + ns_ +
                                             "; choose another --name, or remove it with: axon delete task " + name);
    }
  }

  /// Nobody knows whether the API server has done it.
  static bool was_lost(const Error& error) { return error.code == Errc::Unavailable || error.code == Errc::TimedOut; }

  /// The Task, if it was made although the answer never came; else what was known before.
  awaitable<Result<json>> find_made(Result<json> lost) const {
    const kube::Key key = kube::key_of(plan_.task);
    Result<json> there = co_await client_.get(resource::kTasks, key);
    const bool is_it = there && differences(there->at("spec"), plan_.task.at("spec")).empty();
    co_return is_it ? std::move(there) : std::move(lost);
  }

  void tell_created(const json& task) const {
    const bool is_for_programs = options_.output == "json" || options_.output == "yaml";
    if (options_.output == "name") {
      write_line(1, name_of(task));
    } else if (!is_for_programs || options_.watch) {
      write_line(is_for_programs ? 2 : 1, name_of(task) + " created");
    } else {
      print_object(task, options_.output);
    }
  }

  awaitable<Result<int>> follow(kube::Key key, std::string type) {
    const bool is_for_programs = options_.output == "json" || options_.output == "yaml";
    const Adapter* builtin = find_builtin_adapter(type);
    const Screen screen{.out = is_for_programs ? 2 : 1, .info = 2};
    LogView view;
    view.follow = true;
    const Result<Followed> seen = co_await follow_task(
        client_, std::move(key), std::move(view), builtin == nullptr ? std::nullopt : std::optional(*builtin), screen);
    if (!seen) co_return std::unexpected(seen.error());
    if (is_for_programs) {
      print_object(seen->task, options_.output);
    } else if (options_.output == "table") {
      write_line(1, "");
      write_all(1,
                render_facts(task_facts(stored_task(seen->task), kube::now(), terminal_style(1)), terminal_style(1)));
    }
    tell_hint(seen->task);
    co_return text_at(seen->task, "/status/phase") == "Succeeded" ? 0 : 1;
  }

  kube::Client& client_;
  const RunOptions& options_;
  ClusterPlan plan_;
  std::string ns_;
};

awaitable<Result<int>> work(kube::Client& client, const RunOptions& options, const ClusterPlan& plan,
                            std::string& created) {
  ClusterRun run(client, options, plan);
  co_return co_await run.run(created);
}

Result<ClusterPlan> make_plan(const RunOptions& options, const UserConfig& config) {
  const Environment caller = caller_environment();
  const Result<DocumentSet> documents = read_documents(options);
  if (!documents) return std::unexpected(documents.error());
  return plan_cluster_run(options, config, *documents, real_world(caller));
}

}  // namespace

Result<int> run_in_cluster(const RunOptions& options) {
  if (const auto checked = check_cluster_flags(options); !checked) return std::unexpected(checked.error());
  ClusterOptions cluster = options.cluster;
  const Result<UserConfig> config = read_config(cluster);
  if (!config) return std::unexpected(config.error());
  const Result<ClusterPlan> plan = make_plan(options, *config);
  if (!plan) return std::unexpected(plan.error());
  for (const std::string& note : plan->notes) tell(note);
  if (options.dry_run) {
    print_plan(*plan, options.output);
    return 0;
  }
  std::string created;
  const Result<int> code =
      with_cluster(cluster, [&](kube::Client& client) { return work(client, options, *plan, created); });
  if (code && *code > 128 && !created.empty()) {
    tell("Task " + created + " goes on. Follow it again: axon logs " + created + " -f; stop it: axon delete task " +
         created);
  }
  return code;
}

}  // namespace axon::cli
