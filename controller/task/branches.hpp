// One Task at a time works on a branch of a Workspace, first come first served.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/task/facts.hpp"

namespace axon::controller {

/// A Task of the same namespace, Workspace and branch that has not given the branch back.
struct BranchClaim {
  std::string task;
  Time created;
  bool holds = false;     // it has a Job that has not ended, or a Pod that is still there
  bool eligible = false;  // nothing else keeps it from starting: a Task that waits for another one blocks nobody

  bool operator==(const BranchClaim&) const = default;
};

/// The Job counts before the Task's status tells of it: a controller may have ended between the two writes.
/// `may_have_job` is what this process knows beside its watches.
bool has_started(const TaskFacts& task, const std::optional<JobFacts>& job, bool may_have_job);

/// The Task that is before `task`: whoever holds the branch, else the earliest eligible one. Empty if `task` may start.
/// The claims may have that of `task` itself: where it holds the branch, since the answer to the creation of its Job
/// was lost, nobody who is merely earlier is before it, as that one waits for it.
std::optional<std::string> branch_holder(const std::string& task, Time created, const std::vector<BranchClaim>& claims);

}  // namespace axon::controller
