// A Task of a cluster in the form in which one of this machine is known, so that both are shown alike. Pure.
#pragma once

#include <nlohmann/json.hpp>

#include "cli/state.hpp"

namespace axon::cli {

/// From the API server's object. Its paths are empty; what is not there or not understood is left out.
StoredTask stored_task(const nlohmann::json& task);

}  // namespace axon::cli
