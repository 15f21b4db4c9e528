#include "cli/task_page.hpp"

#include <algorithm>
#include <map>

#include "cli/cluster_task.hpp"
#include "cli/duration.hpp"
#include "cli/hints.hpp"
#include "core/json_access.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestText = 400;

std::string neighbours(const std::vector<Neighbour>& tasks, const std::string& self) {
  std::vector<std::string> lines;
  for (const Neighbour& task : tasks) {
    const std::string phase = task.phase.empty() ? "not there" : task.phase;
    lines.push_back(task.name + " (" + phase + (task.name == self ? ", this one" : "") + ")");
  }
  return join(lines, "\n");
}

std::string waits_for(const TaskStatus& status) {
  if (is_finished(status)) return {};
  const Condition* ready = find_condition(status, condition::kReady);
  return ready == nullptr || ready->holds ? "" : printable(ready->reason + ": " + ready->message);
}

std::string credentials_text(const TaskSpec& spec) {
  if (!spec.credentials) return {};
  return spec.credentials->type + (spec.credentials->secret.empty() ? "" : " from Secret " + spec.credentials->secret);
}

Facts spec_facts(const TaskPage& page) {
  const TaskSpec& spec = page.spec;
  const std::string answer = page.stored.status.results.response;
  return {{"Answer", one_line(answer, kLongestText)},
          {"Namespace", page.ns},
          {"Image", spec.image},
          {"Prompt", one_line(spec.prompt, kLongestText)},
          {"Credentials", credentials_text(spec)},
          {"Workspace", spec.workspace},
          {"AgentConfig", join(spec.agent_configs)},
          {"Spawner", page.spawner},
          {"Depends on", neighbours(page.dependencies, page.name)},
          {"Pod", is_finished(page.status) ? "" : page.status.pod_name},
          {"Branch queue", page.on_branch.size() > 1 ? neighbours(page.on_branch, page.name) : ""}};
}

/// By their time; what happened within the same second stays in its order.
std::multimap<Time, Happened> timeline(const TaskPage& page) {
  std::multimap<Time, Happened> times = {{page.created, {page.created, "Created", ""}}};
  const auto add = [&](Happened one) { times.emplace(one.at, std::move(one)); };
  const auto told = [&](std::string_view reason) {
    return std::ranges::find(page.events, reason, &Happened::reason) != page.events.end();
  };
  for (const Happened& event : page.events) add(event);
  const TaskStatus& status = page.status;
  if (status.start_time && !told("TaskRunning")) add({*status.start_time, "Started", ""});
  if (status.completion_time && !told("TaskSucceeded") && !told("TaskFailed")) {
    add({*status.completion_time, status.phase, status.message});
  }
  return times;
}

std::string render_timeline(const TaskPage& page) {
  std::vector<Row> rows = {{"  TIME", "AFTER", "EVENT", ""}};
  for (const auto& [at, one] : timeline(page)) {
    rows.push_back({"  " + format_time(at), format_duration(at - page.created), printable(one.reason),
                    one_line(one.message, kLongestText)});
  }
  return render_table(rows);
}

}  // namespace

TaskPage read_task_page(const json& object) {
  const json& metadata = object_at(object, "metadata");
  TaskPage page;
  page.ns = text_at(metadata, "namespace");
  page.name = text_at(metadata, "name");
  page.created = parse_time(text_at(metadata, "creationTimestamp")).value_or(Time{});
  page.spawner = text_at(object_at(metadata, "labels"), "axon.io/taskspawner");
  Problems of_another_version;
  page.spec = read_task_spec(object_at(object, "spec"), "spec", Completeness::Optional, of_another_version);
  page.status = read_status(object_at(object, "status"));
  page.stored = stored_task(object);
  return page;
}

Happened read_event(const json& event) {
  std::optional<Time> at = parse_time(text_at(event, "lastTimestamp"));
  if (!at) at = parse_time(text_at(event, "eventTime"));
  if (!at) at = parse_time(text_at(object_at(event, "metadata"), "creationTimestamp"));
  return {at.value_or(Time{}), text_at(event, "reason"), text_at(event, "message")};
}

std::string render_page(const TaskPage& page, Time now, const Style& style) {
  Facts facts;
  for (auto& fact : task_facts(page.stored, now, style)) {
    const bool last = fact.first == "Logs";
    if (last) std::ranges::move(spec_facts(page), std::back_inserter(facts));
    facts.push_back(std::move(fact));
    if (facts.back().first != "Message") continue;
    facts.emplace_back("Waits for", waits_for(page.status));
    facts.emplace_back("Hint", hint_for(page.status, page.name));
  }
  return render_facts(facts, style) + style.dim("Timeline:") + "\n" + render_timeline(page);
}

}  // namespace axon::cli
