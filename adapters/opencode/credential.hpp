// OPENCODE_API_KEY, and which provider's variable it stands for.
#pragma once

#include "core/launch.hpp"
#include "core/task.hpp"

namespace axon::opencode {

/// The Task's one credential as the variable that the model's provider reads, which its prefix tells: "openai/gpt-5" ->
/// OPENAI_API_KEY. It is taken away from opencode's own provider then. A model of opencode itself keeps it as it is. A
/// model without a prefix that is known is taken to be Anthropic's, with a warning, unless that key is there already.
void add_credential(const AgentTask& task, Launch& launch);

}  // namespace axon::opencode
