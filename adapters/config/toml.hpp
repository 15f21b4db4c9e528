// TOML documents as JSON and back; dates and times become strings of their text.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace axon::config {

/// Empty if it is not TOML.
std::optional<nlohmann::ordered_json> parse_toml(std::string_view text);

std::string to_toml(const nlohmann::ordered_json& document);

}  // namespace axon::config
