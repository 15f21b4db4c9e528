// JSON as YAML for people. Text that YAML would take for something else is quoted; several lines are a block.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace axon::cli {

std::string yaml_text(const nlohmann::json& value);

}  // namespace axon::cli
