// Whether an object of the API server is as it is wanted. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace axon::cli {

struct Difference {
  std::string path;        // "spec.repo"
  bool was_there = false;  // something is replaced or taken away; else only added

  bool operator==(const Difference&) const = default;
};

/// Below `wanted`, where a null means: not there. What only `there` has is no difference; lists are compared whole.
std::vector<Difference> differences(const nlohmann::json& there, const nlohmann::json& wanted);

/// The same object without its nulls, for a creation.
nlohmann::json without_nulls(const nlohmann::json& object);

}  // namespace axon::cli
