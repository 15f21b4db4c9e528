// Plugins as Gemini CLI's extensions: a directory with a gemini-extension.json that only has to lie there.
#pragma once

#include "adapters/adapter.hpp"

namespace axon::gemini {

/// Adds each plugin's skills and agents, whole directories, as an extension; a plugin with a gemini-extension.json of
/// its own is one already and copied whole. InvalidInput if two plugins have a skill or an agent of one name, if an
/// extension of that name was installed by somebody else, or for a gemini-extension.json that it would not take.
Result<void> add_extensions(const AgentTask& task, const FileView& files, Launch& launch);

}  // namespace axon::gemini
