#include "core/task_status.hpp"

#include <algorithm>

#include "core/json_access.hpp"

namespace axon {
namespace {

using nlohmann::json;

void put(json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

void put(json& object, const char* key, const std::optional<Time>& time) {
  if (time) object[key] = format_time(*time);
}

json usage_json(const Usage& usage) {
  json object = {{"inputTokens", usage.input_tokens},
                 {"outputTokens", usage.output_tokens},
                 {"cacheReadTokens", usage.cache_read_tokens},
                 {"cacheWriteTokens", usage.cache_write_tokens},
                 {"reasoningTokens", usage.reasoning_tokens}};
  if (usage.cost_usd) object["costUSD"] = format_cost(*usage.cost_usd);  // text: the API has no floating point
  return object;
}

Usage read_usage(const json& object) {
  Usage usage;
  usage.input_tokens = integer_at(object, "inputTokens").value_or(0);
  usage.output_tokens = integer_at(object, "outputTokens").value_or(0);
  usage.cache_read_tokens = integer_at(object, "cacheReadTokens").value_or(0);
  usage.cache_write_tokens = integer_at(object, "cacheWriteTokens").value_or(0);
  usage.reasoning_tokens = integer_at(object, "reasoningTokens").value_or(0);
  if (const std::string cost = text_at(object, "costUSD"); !cost.empty()) {
    usage.cost_usd = std::strtod(cost.c_str(), nullptr);
  }
  return usage;
}

json condition_json(const Condition& condition, std::int64_t generation) {
  return {{"type", condition.type},
          {"status", condition.holds ? "True" : "False"},
          {"reason", condition.reason},
          {"message", condition.message},
          {"lastTransitionTime", format_time(condition.since)},
          {"observedGeneration", generation}};
}

Condition read_condition(const json& object) {
  return {text_at(object, "type"), text_at(object, "status") == "True", text_at(object, "reason"),
          text_at(object, "message"), parse_time(text_at(object, "lastTransitionTime")).value_or(Time{})};
}

}  // namespace

bool is_last(std::string_view name) { return name == phase::kSucceeded || name == phase::kFailed; }

bool is_finished(const TaskStatus& status) { return is_last(status.phase); }

const Condition* find_condition(const TaskStatus& status, std::string_view type) {
  const auto found = std::ranges::find(status.conditions, type, &Condition::type);
  return found == status.conditions.end() ? nullptr : &*found;
}

void set_condition(TaskStatus& status, std::string_view type, bool holds, std::string reason, std::string message,
                   Time now) {
  auto found = std::ranges::find(status.conditions, type, &Condition::type);
  if (found == status.conditions.end()) {
    status.conditions.push_back({std::string(type), holds, std::move(reason), std::move(message), now});
    return;
  }
  if (found->holds != holds) found->since = now;
  found->holds = holds;
  found->reason = std::move(reason);
  found->message = std::move(message);
}

json to_json(const TaskStatus& status) {
  json object = json::object();
  put(object, "phase", status.phase);
  put(object, "jobName", status.job_name);
  put(object, "podName", status.pod_name);
  put(object, "startTime", status.start_time);
  put(object, "completionTime", status.completion_time);
  put(object, "reason", status.reason);
  put(object, "message", status.message);
  if (status.retryable) object["retryable"] = *status.retryable;
  if (!status.outputs.empty()) object["outputs"] = status.outputs;
  if (!status.results.empty()) object["results"] = status.results;
  if (status.usage) object["usage"] = usage_json(*status.usage);
  for (const Condition& condition : status.conditions) {
    object["conditions"].push_back(condition_json(condition, status.observed_generation));
  }
  if (status.observed_generation != 0) object["observedGeneration"] = status.observed_generation;
  return object;
}

TaskStatus read_status(const json& object) {
  TaskStatus status;
  status.phase = text_at(object, "phase");
  status.job_name = text_at(object, "jobName");
  status.pod_name = text_at(object, "podName");
  status.start_time = parse_time(text_at(object, "startTime"));
  status.completion_time = parse_time(text_at(object, "completionTime"));
  status.reason = text_at(object, "reason");
  status.message = text_at(object, "message");
  status.retryable = boolean_at(object, "retryable");
  for (const json& line : array_at(object, "outputs")) {
    if (line.is_string()) status.outputs.push_back(line.get<std::string>());
  }
  for (const auto& [key, value] : object_at(object, "results").items()) {
    if (value.is_string()) status.results[key] = value.get<std::string>();
  }
  if (const json& usage = object_at(object, "usage"); !usage.empty()) status.usage = read_usage(usage);
  for (const json& condition : array_at(object, "conditions")) status.conditions.push_back(read_condition(condition));
  status.observed_generation = integer_at(object, "observedGeneration").value_or(0);
  return status;
}

}  // namespace axon
