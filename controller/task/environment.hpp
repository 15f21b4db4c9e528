// The variables of a Task's containers. Nothing secret stands in them: what is secret comes from a Secret by reference.
#pragma once

#include <nlohmann/json.hpp>

#include "controller/task/facts.hpp"
#include "controller/task/inputs.hpp"

namespace axon::controller {

/// For the agent's container, in the contract's order; podOverrides.env comes last, less the names that are set
/// already.
nlohmann::json agent_environment(const TaskFacts& task, const Inputs& inputs);

/// For the init container.
nlohmann::json workspace_environment(const Inputs& inputs);

}  // namespace axon::controller
