// What `prepare` is to do: the flags over the task file.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/launch.hpp"
#include "core/result.hpp"
#include "core/task_file.hpp"

namespace axon {

struct PrepareFlags {
  std::optional<std::string> repo;
  std::optional<std::string> ref;
  std::optional<std::string> branch;
  std::optional<std::string> path;
  std::optional<int> depth;
  std::string plugin_dir;           // empty: AXON_PLUGIN_DIR, else its default
  std::string install_dir;          // where this program is copied to for the agent's container; empty: nowhere
  std::chrono::seconds stall{120};  // a server that is silent for so long has failed; 0: no limit
  std::chrono::seconds timeout{0};  // for the whole clone; 0: no limit
  bool help = false;

  bool operator==(const PrepareFlags&) const = default;
};

/// "--name value" or "--name=value". The error is one sentence.
Result<PrepareFlags> parse_prepare_flags(std::span<const std::string> args);

/// The text of --help.
std::string prepare_help();

struct PreparePlan {
  std::optional<WorkspaceSource> workspace;
  std::string branch;
  std::vector<PluginSource> plugins;
  std::string plugin_dir;

  bool operator==(const PreparePlan&) const = default;
};

/// `task` is empty where there is no task file: then the flags have to say everything.
Result<PreparePlan> plan_prepare(const PrepareFlags& flags, const std::optional<TaskFile>& task,
                                 const Environment& environment);

}  // namespace axon
