// Reads what the API server sent: whatever is absent or of another type is simply empty. For objects whose shape the
// API server has checked already; what people write is read through core's Fields, which names every problem.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace axon {

/// The references returned here are to the object, or to a constant.
const nlohmann::json& object_at(const nlohmann::json& object, const char* key);
const nlohmann::json& array_at(const nlohmann::json& object, const char* key);

std::string text_at(const nlohmann::json& object, const char* key);
std::optional<std::int64_t> integer_at(const nlohmann::json& object, const char* key);
std::optional<bool> boolean_at(const nlohmann::json& object, const char* key);
std::map<std::string, std::string> text_map_at(const nlohmann::json& object, const char* key);

}  // namespace axon
