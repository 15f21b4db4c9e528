// axon logs, of a Task in a cluster
#include "adapters/manifest/manifest.hpp"
#include "cli/cluster.hpp"
#include "cli/cluster_task.hpp"
#include "cli/duration.hpp"
#include "cli/facts.hpp"
#include "cli/files.hpp"
#include "cli/follow_task.hpp"
#include "cli/logs_options.hpp"
#include "cli/resources.hpp"
#include "cli/task_watch.hpp"
#include "kube/clock.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;
using kube::now;
using nlohmann::json;

Result<LogView> view_of(const LogsOptions& options) {
  LogView view{.follow = options.follow,
               .raw = options.raw,
               .timestamps = options.timestamps,
               .since_time = {},
               .tail_lines = options.tail};
  if (options.since.empty()) return view;
  const auto since = parse_duration(options.since, "--since");
  if (!since) return std::unexpected(since.error());
  view.since_time = format_time(now() - *since);
  return view;
}

Result<std::optional<Adapter>> given_adapter(const std::string& manifest) {
  if (manifest.empty()) return std::nullopt;
  const Result<std::string> text = read_file(manifest);
  if (!text) return wrap("--agent-manifest", text.error());
  Result<Adapter> adapter = load_manifest(*text, manifest);
  if (!adapter) return std::unexpected(std::move(adapter).error());
  return *std::move(adapter);
}

/// The last that is known of a Task without a Pod: its answer to stdout, the rest for people.
void print_what_is_left(const json& task) {
  const StoredTask stored = stored_task(task);
  const std::string& name = stored.spec.name;
  write_line(2, stored.status.start_time.empty()
                    ? "axon: Task " + name + " ended before its agent began; there are no logs. Its status says:"
                    : "axon: the Pod of Task " + name + " is gone, and its logs with it. Its status still knows:");
  Facts facts = task_facts(stored, now(), terminal_style(2));
  std::erase_if(facts, [](const auto& fact) { return fact.first == "Logs"; });  // it would lead back to here
  write_all(2, render_facts(facts, terminal_style(2)));
  if (!stored.status.results.response.empty()) write_line(1, printable(stored.status.results.response));
}

/// Nothing was there to be printed: why, and the exit code.
int explain_silence(const Followed& seen) {
  const SeenTask task = see_task(seen.task);
  if (task.has_ended && !seen.pod_was_there) {
    print_what_is_left(seen.task);
    return 1;
  }
  const std::string phase = task.phase.empty() ? "Pending" : task.phase;
  write_line(2, "axon: Task " + task.name + " is " + phase + " and has no logs yet" +
                    (task.has_ended ? "" : "; axon logs " + task.name + " -f waits for them"));
  return 0;
}

awaitable<Result<int>> print(kube::Client& client, const LogsOptions& options, LogView view,
                             std::optional<Adapter> adapter) {
  const kube::Key key{client.default_namespace(), options.name};
  const Result<json> task = co_await client.get(resource::kTasks, key);
  if (!task) co_return std::unexpected(task.error());
  if (!adapter) {
    const Adapter* builtin = find_builtin_adapter(kube::text_at(*task, "/spec/type"));
    if (builtin != nullptr) adapter = *builtin;
  }
  const Result<Followed> seen = co_await follow_task(client, key, std::move(view), std::move(adapter), Screen{});
  if (!seen) co_return std::unexpected(seen.error());
  co_return seen->containers_read > 0 ? 0 : explain_silence(*seen);
}

}  // namespace

Result<int> print_cluster_logs(const LogsOptions& options) {
  const Result<LogView> view = view_of(options);
  if (!view) return std::unexpected(view.error());
  Result<std::optional<Adapter>> adapter = given_adapter(options.agent_manifest);
  if (!adapter) return std::unexpected(adapter.error());
  return in_namespace(options.cluster, [&](kube::Client& client) { return print(client, options, *view, *adapter); });
}

}  // namespace axon::cli
