// The kinds that commands name, by the words that kubectl takes for them. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/object.hpp"

namespace axon::cli {

struct Kind {
  std::string name;        // "Task"
  std::string singular;    // "task"
  std::string short_name;  // "ws"; may be empty
  kube::Resource resource;
  std::vector<std::string> extra;  // headings of columns that are shown with -o wide only, besides the server's choice
};

extern const Kind kTaskKind;
extern const Kind kWorkspaceKind;
extern const Kind kAgentConfigKind;
extern const Kind kTaskSpawnerKind;

std::span<const Kind* const> all_kinds();

/// "task", "tasks", "ts", … in any case; fails with the words that there are.
Result<const Kind*> find_kind(std::string_view word);

/// What `KIND NAME…` and `KIND/NAME…` mean alike.
struct Target {
  const Kind* kind = nullptr;
  std::vector<std::string> names;
};

Result<Target> parse_target(const std::string& kind, const std::vector<std::string>& names);

/// "task/fix-42".
std::string name_with_kind(const Kind& kind, const std::string& name);

}  // namespace axon::cli
