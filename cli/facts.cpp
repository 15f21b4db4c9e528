#include "cli/facts.hpp"

#include "cli/duration.hpp"
#include "cli/git_source.hpp"
#include "cli/printer.hpp"
#include "core/timestamp.hpp"

namespace axon::cli {
namespace {

std::string reason_text(const LocalStatus& status) {
  const auto reason = parse_reason(status.reason);
  return status.reason + (reason && is_retryable(*reason) ? " (may well succeed if it is run again)" : "");
}

std::string duration_text(const LocalStatus& status, std::chrono::sys_seconds now) {
  const std::optional<Time> start = parse_time(status.start_time);
  if (!start) return {};
  if (const auto end = parse_time(status.completion_time)) return format_duration(*end - *start);
  return status.phase == "Running" ? format_duration(now - *start) + " so far" : std::string();
}

/// How the work gets into the repository that was cloned, where that one lies on this machine.
std::string fetch_hint(const StoredTask& task) {
  const bool local = !task.paths.root.empty() && !task.spec.source.empty() && !is_remote_url(task.spec.source);
  if (!local || task.status.results.branch.empty()) return {};
  return "git -C " + task.spec.source + " fetch " + task.paths.repo() + " " + task.status.results.branch;
}

}  // namespace

Facts task_facts(const StoredTask& task, std::chrono::sys_seconds now, const Style& style) {
  const LocalStatus& status = task.status;
  const Results& results = status.results;
  Usage tokens = status.usage.value_or(Usage{});
  tokens.cost_usd.reset();
  const bool here = !task.paths.root.empty();
  const std::string model = results.model.empty() ? task.spec.model : results.model;
  return {{"Task", task.spec.name},
          {"Outcome", paint_phase(style, status.phase)},
          {"Reason", reason_text(status)},
          {"Message", printable(status.message)},
          {"Type", task.spec.type},
          {"Model", printable(model)},
          {"Repository", printable(task.spec.source)},
          {"Branch", printable(results.branch)},
          {"Commit", printable(results.commit)},
          {"Pull request", printable(join(results.pull_requests, "\n"))},
          {"Tokens", status.usage ? format_usage(tokens) : ""},
          {"Cost", status.usage && status.usage->cost_usd ? "$" + format_cost(*status.usage->cost_usd) : ""},
          {"Time", duration_text(status, now)},
          {"Clone", here ? task.paths.repo() : ""},
          {"Take it over", fetch_hint(task)},
          {"Logs", (here ? "axon logs --local " : "axon logs ") + task.spec.name}};
}

std::vector<Row> task_rows(const std::vector<StoredTask>& tasks, std::chrono::sys_seconds now) {
  std::vector<Row> rows = {{"NAME", "TYPE", "PHASE", "REASON", "BRANCH", "AGE"}};
  for (const StoredTask& task : tasks) {
    const std::optional<Time> start = parse_time(task.status.start_time);
    const std::string& branch = task.status.results.branch.empty() ? task.spec.branch : task.status.results.branch;
    rows.push_back({task.spec.name, task.spec.type, task.status.phase, task.status.reason, one_line(branch, 40),
                    start ? format_age(now - *start) : ""});
  }
  return rows;
}

}  // namespace axon::cli
