#include "cli/kinds.hpp"

#include <array>

#include "core/letters.hpp"

namespace axon::cli {
namespace {

kube::Resource resource(const char* plural) { return {"axon.io", "v1alpha1", plural}; }

std::string known_words() {
  std::string words;
  for (const Kind* kind : all_kinds()) {
    words += (words.empty() ? "" : ", ") + kind->singular;
    if (!kind->short_name.empty()) words += " (" + kind->short_name + ")";
  }
  return words;
}

}  // namespace

const Kind kTaskKind{"Task", "task", "", resource("tasks"), {}};
const Kind kWorkspaceKind{"Workspace", "workspace", "ws", resource("workspaces"), {}};
const Kind kAgentConfigKind{"AgentConfig", "agentconfig", "ac", resource("agentconfigs"), {}};
const Kind kTaskSpawnerKind{
    "TaskSpawner", "taskspawner", "ts", resource("taskspawners"), {"WORKSPACE", "SUSPEND", "ACTIVE"}};

std::span<const Kind* const> all_kinds() {
  static constexpr std::array<const Kind*, 4> kAll = {&kTaskKind, &kWorkspaceKind, &kAgentConfigKind,
                                                      &kTaskSpawnerKind};
  return kAll;
}

Result<const Kind*> find_kind(std::string_view word) {
  const std::string lower = lower_case(word);
  for (const Kind* kind : all_kinds()) {
    if (lower == kind->singular || lower == kind->resource.plural) return kind;
    if (!kind->short_name.empty() && lower == kind->short_name) return kind;
  }
  return fail(Errc::InvalidInput, "unknown kind \"" + std::string(word) + "\"; there are " + known_words());
}

Result<Target> parse_target(const std::string& kind, const std::vector<std::string>& names) {
  const std::size_t slash = kind.find('/');
  const Result<const Kind*> found = find_kind(kind.substr(0, slash));
  if (!found) return std::unexpected(found.error());
  Target target{*found, {}};
  if (slash != std::string::npos) target.names.push_back(kind.substr(slash + 1));
  for (const std::string& name : names) {
    const std::size_t cut = name.find('/');
    const Result<const Kind*> own = cut == std::string::npos ? found : find_kind(name.substr(0, cut));
    if (!own) return std::unexpected(own.error());
    if (*own != *found) return fail(Errc::InvalidInput, "\"" + name + "\" is of another kind; one kind at a time");
    target.names.push_back(cut == std::string::npos ? name : name.substr(cut + 1));
  }
  for (const std::string& name : target.names) {
    if (name.empty()) return fail(Errc::InvalidInput, "the name of a " + (*found)->name + " must not be empty");
  }
  return target;
}

std::string name_with_kind(const Kind& kind, const std::string& name) { return kind.singular + "/" + name; }

}  // namespace axon::cli
