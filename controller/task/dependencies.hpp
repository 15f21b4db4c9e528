// Whether a Task may start as far as the Tasks are concerned that it depends on.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "controller/task/facts.hpp"
#include "controller/template/value.hpp"

namespace axon::controller {

struct DependenciesMet {
  bool operator==(const DependenciesMet&) const = default;
};
struct DependenciesOpen {
  std::string message;  // which one, and what it does
  bool operator==(const DependenciesOpen&) const = default;
};
/// They can never be met.
struct DependenciesBroken {
  std::string reason;  // "DependencyFailed", "CircularDependency"
  std::string message;
  bool operator==(const DependenciesBroken&) const = default;
};
using DependencyVerdict = std::variant<DependenciesMet, DependenciesOpen, DependenciesBroken>;

/// The Task of this name in the same namespace, or null. What it returns lives as long as the call.
using FindTask = std::function<const TaskFacts*(const std::string& name)>;

DependencyVerdict check_dependencies(const TaskFacts& task, const FindTask& find);

/// What a prompt's template sees: .Deps.NAME with .Name, .Outputs and .Results. All dependencies must be met.
templates::Value dependency_values(const TaskFacts& task, const FindTask& find);

}  // namespace axon::controller
