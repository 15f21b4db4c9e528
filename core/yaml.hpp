// YAML documents as JSON, with the line of every value, so that an error can point to it. Plain scalars follow YAML's
// core schema (true, 12, 1.5, null); quoted ones are always text.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/fields.hpp"
#include "core/result.hpp"

namespace axon {

struct YamlDocument {
  nlohmann::json value;
  std::map<std::string, int> lines;  // "spec.mcpServers[1].url" -> line, from 1; "" is the document itself
};

/// All documents of a file; empty ones are left out. Fails with "SOURCE:LINE: what is wrong".
Result<std::vector<YamlDocument>> parse_yaml(std::string_view text, const std::string& source);

/// "SOURCE:LINE: PATH: MESSAGE", one line a problem. A problem with a missing field has the line of its parent.
std::string describe(const Problems& problems, const YamlDocument& document, const std::string& source);

}  // namespace axon
