#include "cli/cluster_task.hpp"

#include <array>
#include <charconv>

#include "core/encoding.hpp"
#include "kube/object.hpp"

namespace axon::cli {
namespace {

using kube::text_at;
using nlohmann::json;
namespace key = contract::key;

std::int64_t number_at(const json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::optional<Usage> usage_of(const json& status) {
  const auto found = status.find("usage");
  if (found == status.end() || !found->is_object()) return std::nullopt;
  Usage usage;
  usage.input_tokens = number_at(*found, "inputTokens");
  usage.output_tokens = number_at(*found, "outputTokens");
  usage.cache_read_tokens = number_at(*found, "cacheReadTokens");
  usage.cache_write_tokens = number_at(*found, "cacheWriteTokens");
  usage.reasoning_tokens = number_at(*found, "reasoningTokens");
  const std::string cost = text_at(*found, "/costUSD");
  double dollars = 0;
  const auto [end, failed] = std::from_chars(cost.data(), cost.data() + cost.size(), dollars);
  if (!cost.empty() && failed == std::errc() && end == cost.data() + cost.size()) usage.cost_usd = dollars;
  return usage;
}

void take_output(Results& results, std::string_view line) {
  static constexpr std::array<std::pair<std::string_view, std::string Results::*>, 5> kTexts = {
      {{key::kBranch, &Results::branch},
       {key::kCommit, &Results::commit},
       {key::kBaseBranch, &Results::base_branch},
       {key::kModel, &Results::model},
       {key::kSessionId, &Results::session_id}}};
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos) return;
  const std::string_view name = line.substr(0, colon);
  std::string value(line.substr(colon + 2));
  if (name == key::kPullRequest) results.pull_requests.push_back(value);
  if (name == key::kResponse) results.response = from_base64(value).value_or("");
  for (const auto& [known, member] : kTexts) {
    if (name == known) results.*member = value;
  }
}

}  // namespace

StoredTask stored_task(const json& task) {
  StoredTask stored;
  stored.spec.name = text_at(task, "/metadata/name");
  stored.spec.type = text_at(task, "/spec/type");
  stored.spec.model = text_at(task, "/spec/model");
  stored.spec.prompt = text_at(task, "/spec/prompt");
  stored.spec.branch = text_at(task, "/spec/branch");
  const json status = task.value("status", json::object());
  stored.status.phase = text_at(status, "/phase");
  stored.status.reason = text_at(status, "/reason");
  stored.status.message = text_at(status, "/message");
  stored.status.start_time = text_at(status, "/startTime");
  stored.status.completion_time = text_at(status, "/completionTime");
  stored.status.usage = usage_of(status);
  for (const json& line : status.value("outputs", json::array())) {
    if (line.is_string()) take_output(stored.status.results, line.get_ref<const std::string&>());
  }
  return stored;
}

}  // namespace axon::cli
