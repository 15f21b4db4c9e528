#include "controller/task/dependencies.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace axon::controller {
namespace {

/// The path from `task` back to itself, if there is one. Each Task is visited once, however the graph looks.
class CycleSearch {
 public:
  CycleSearch(const std::string& start, const FindTask& find) : start_(start), find_(find) {}

  std::optional<std::vector<std::string>> from(const TaskFacts& task) {
    path_.push_back(task.name);
    for (const std::string& name : task.spec.depends_on) {
      if (name == start_) {
        path_.push_back(name);
        return path_;
      }
      if (!visited_.insert(name).second) continue;
      const TaskFacts* next = find_(name);
      if (next == nullptr || is_finished(next->status)) continue;
      if (auto cycle = from(*next)) return cycle;
    }
    path_.pop_back();
    return std::nullopt;
  }

 private:
  const std::string& start_;
  const FindTask& find_;
  std::set<std::string> visited_;
  std::vector<std::string> path_;
};

std::string join_path(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " -> ") + name;
  return text;
}

}  // namespace

DependencyVerdict check_dependencies(const TaskFacts& task, const FindTask& find) {
  std::string open;
  for (const std::string& name : task.spec.depends_on) {
    const TaskFacts* dependency = find(name);
    if (dependency != nullptr && dependency->status.phase == phase::kFailed) {
      return DependenciesBroken{"DependencyFailed", "Dependency \"" + name + "\" failed"};
    }
    if (dependency != nullptr && dependency->status.phase == phase::kSucceeded) continue;
    if (!open.empty()) continue;
    open = dependency == nullptr ? "waits for Task \"" + name + "\", which does not exist"
                                 : "waits for Task \"" + name + "\" to succeed";
  }
  if (open.empty()) return DependenciesMet{};
  if (const auto cycle = CycleSearch(task.name, find).from(task)) {
    return DependenciesBroken{"CircularDependency", "Circular dependency detected: " + join_path(*cycle)};
  }
  return DependenciesOpen{open};
}

templates::Value dependency_values(const TaskFacts& task, const FindTask& find) {
  using templates::Elements;
  using templates::Value;
  templates::Entries dependencies;
  for (const std::string& name : task.spec.depends_on) {
    const TaskFacts* dependency = find(name);
    if (dependency == nullptr) continue;
    std::vector<Value> outputs;
    for (const std::string& line : dependency->status.outputs) outputs.push_back(Value::string(line));
    templates::Entries results;
    for (const auto& [key, value] : dependency->status.results) results[key] = Value::string(value);
    dependencies[name] = Value::map({{"Name", Value::string(name)},
                                     {"Outputs", Value::list(std::move(outputs), Elements::Strings)},
                                     {"Results", Value::map(std::move(results), Elements::Strings)}});
  }
  return Value::map({{"Deps", Value::map(std::move(dependencies))}});
}

}  // namespace axon::controller
