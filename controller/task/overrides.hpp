// podOverrides of a Task, put into the Pod that Axon would make of it.
#pragma once

#include <nlohmann/json.hpp>

#include "core/pod_overrides.hpp"

namespace axon::controller {

/// `pod` is the Pod template of a Job, the agent's container the first one. Labels and variables that are there stay;
/// lists grow; fields of the security context are replaced. Resources, deadline and env are the caller's.
void apply_overrides(nlohmann::json& pod, const PodOverrides& overrides);

}  // namespace axon::controller
