// Events, tasks and launches as JSON, for goldens: one object an event, fields with their default value left out.
#pragma once

#include <nlohmann/json.hpp>

#include "core/event.hpp"
#include "core/launch.hpp"
#include "core/task.hpp"

namespace axon::testing {

nlohmann::ordered_json to_json(const Event& event);
nlohmann::ordered_json to_json(const Launch& launch);

/// {"prompt", "model", "instructions", "mcpServers", "plugins", "env", "is_root"}; HOME and the working directory have
/// defaults.
AgentTask read_agent_task(const nlohmann::json& in);

}  // namespace axon::testing
