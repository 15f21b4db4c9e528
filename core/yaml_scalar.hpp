// What a plain scalar of YAML means by the core schema: true, 12, 0x1f, 1.5, or else text. yaml-cpp itself finds null.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace axon {

nlohmann::json yaml_scalar(const std::string& text);

}  // namespace axon
