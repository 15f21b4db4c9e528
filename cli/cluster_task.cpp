#include "cli/cluster_task.hpp"

#include <array>

#include "core/encoding.hpp"
#include "core/json_access.hpp"
#include "core/task_status.hpp"
#include "kube/object.hpp"

namespace axon::cli {
namespace {

using kube::text_at;
using nlohmann::json;
namespace key = contract::key;

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
  const json& status = object_at(task, "status");
  stored.status.phase = text_at(status, "/phase");
  stored.status.reason = text_at(status, "/reason");
  stored.status.message = text_at(status, "/message");
  stored.status.start_time = text_at(status, "/startTime");
  stored.status.completion_time = text_at(status, "/completionTime");
  stored.status.usage = read_status(status).usage;
  for (const json& line : array_at(status, "outputs")) {
    if (line.is_string()) take_output(stored.status.results, line.get_ref<const std::string&>());
  }
  return stored;
}

}  // namespace axon::cli
