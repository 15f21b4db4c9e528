// MCP servers put into an agent's own configuration file, whatever else is in it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace axon::config {

enum class Format { Json, Yaml, Toml };

/// `existing` (empty: a new file) with each of `servers` under its name in the table at `key`; a server that has the
/// name already is replaced. JSON keeps the order of its keys; YAML is written as its subset JSON, TOML as TOML, both
/// sorted and without comments. Doing it again gives the same bytes. InvalidInput, naming `path` but nothing of its
/// content, if the file is not of its format: it is never replaced silently.
Result<std::string> with_servers(std::string_view existing, Format format, const std::vector<std::string>& key,
                                 const nlohmann::ordered_json& servers, const std::string& path);

}  // namespace axon::config
