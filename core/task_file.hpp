// task.json in the task directory: what the Pod is to do, but for the prompt, the instructions and the MCP servers,
// which are files of their own beside it. Written by the controller and by `axon run --local`, read by the entrypoint.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/contract.hpp"
#include "core/result.hpp"

namespace axon {

class Fields;

struct InjectedFile {
  std::string path;  // relative to the repository
  std::string content;
  bool operator==(const InjectedFile&) const = default;
};

struct WorkspaceSource {
  std::string repo;  // URL, or a path on this machine
  std::string ref;   // branch, tag or full commit SHA; empty: the remote's default branch
  std::string path = std::string(contract::kRepoDir);
  int depth = 1;  // 0: the whole history
  std::vector<InjectedFile> files = {};
  bool lfs = true;                       // pointers of Git LFS are replaced by their content
  std::string filter = {};               // of a partial clone, "blob:none"; empty: everything comes
  std::vector<std::string> sparse = {};  // directories to check out, with the files on the way to them; empty: all
  bool operator==(const WorkspaceSource&) const = default;
};

struct PluginDocument {
  std::string name;
  std::string content;
  bool operator==(const PluginDocument&) const = default;
};

struct PluginSource {
  std::string name;
  std::vector<PluginDocument> skills;  // skills/NAME/SKILL.md
  std::vector<PluginDocument> agents;  // agents/NAME.md
  bool operator==(const PluginSource&) const = default;
};

struct TaskFile {
  std::string name;
  std::string type;
  std::string model;
  std::string branch;
  std::optional<WorkspaceSource> workspace;
  std::vector<PluginSource> plugins;
  std::vector<std::string> setup_command;
  std::optional<std::int64_t> deadline_seconds;
  std::optional<std::int64_t> stall_seconds;
  std::optional<std::int64_t> grace_seconds;
  bool operator==(const TaskFile&) const = default;
};

/// Why a partial clone has no such filter, or a sparse checkout no such directory; empty if it has.
std::string filter_problem(std::string_view filter);
std::string sparse_problem(std::string_view path);

/// Reads the two under the keys `filter` and `sparse`.
void read_parts_wanted(Fields& fields, std::string& filter, std::vector<std::string>& sparse);

/// `source` names the file in the error.
Result<TaskFile> parse_task_file(std::string_view text, const std::string& source);

std::string to_json(const TaskFile& task);

}  // namespace axon
