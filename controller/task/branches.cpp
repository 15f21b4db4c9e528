#include "controller/task/branches.hpp"

#include <algorithm>
#include <tuple>

namespace axon::controller {

bool has_started(const TaskFacts& task, const std::optional<JobFacts>& job, bool may_have_job) {
  return may_have_job || !task.status.job_name.empty() || (job && job->task_uid == task.uid);
}

std::optional<std::string> branch_holder(const std::string& task, Time created,
                                         const std::vector<BranchClaim>& claims) {
  const auto own = std::ranges::find(claims, task, &BranchClaim::task);
  const bool is_own = own != claims.end() && own->holds;
  const BranchClaim* first = nullptr;
  for (const BranchClaim& claim : claims) {
    if (claim.task == task) continue;
    if (claim.holds) return claim.task;
    // Names decide among Tasks of the same second, so that every replica and every pass agrees.
    const bool earlier = std::tie(claim.created, claim.task) < std::tie(created, task);
    if (is_own || !claim.eligible || !earlier) continue;
    if (first == nullptr || std::tie(claim.created, claim.task) < std::tie(first->created, first->task)) first = &claim;
  }
  return first == nullptr ? std::nullopt : std::optional(first->task);
}

}  // namespace axon::controller
