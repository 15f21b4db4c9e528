// Agent manifests: any CLI as an agent, without code. docs/agent-manifest.md describes the format for its authors.
#pragma once

#include <string>
#include <string_view>

#include "adapters/adapter.hpp"

namespace axon {

/// The adapter that a manifest describes. InvalidInput names every problem as "SOURCE:LINE: FIELD: what is wrong".
Result<Adapter> load_manifest(std::string_view yaml, const std::string& source);

}  // namespace axon
