// The Job of a Task: its Pod composed of pure parts, at the `restricted` level of Pod Security.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "controller/task/facts.hpp"
#include "controller/task/inputs.hpp"

namespace axon::controller {

/// The name of the init container.
inline constexpr const char* kWorkspaceContainer = "workspace";

/// The agent's container is named by the Task's type, as users find it in `kubectl logs -c`.
std::string agent_container(const TaskSpec& spec);

/// The image that the Task names, else the type's own. Empty for a type that is not built in, without an image.
std::string agent_image(const TaskSpec& spec, const Settings& settings);

nlohmann::json build_job(const TaskFacts& task, const Inputs& inputs, const Settings& settings);

}  // namespace axon::controller
