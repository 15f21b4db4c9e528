// From YAML to a Manifest, every problem named.
#pragma once

#include "adapters/manifest/model.hpp"
#include "core/fields.hpp"

namespace axon::manifest {

/// Complete only if no problem was added.
Manifest read_manifest(const nlohmann::json& document, Problems& problems);

/// The `stream` section.
Stream read_stream(const nlohmann::json& section, const std::string& path, Problems& problems);

/// The `mcp` section.
McpFile read_mcp(const nlohmann::json& section, const std::string& path, Problems& problems);

}  // namespace axon::manifest
