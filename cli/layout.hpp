// Where everything of a run lies as the entrypoint sees it, and with which environment it is started. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/installation.hpp"
#include "cli/sandbox.hpp"
#include "cli/state.hpp"
#include "cli/task_plan.hpp"

namespace axon::cli {

/// In the task directory; removed when the run has ended.
inline constexpr std::string_view kTokenFile = "github-token";

/// The paths inside the sandbox, or the real ones without it.
struct Layout {
  std::string task;
  std::string plugin;
  std::string workspace;
  std::string repo;
  std::string home;
  std::string report;
  std::string bin;
  std::string manifest;    // empty without one
  std::string token_file;  // empty without a token
  std::string entrypoint;
};

/// What a run is made of, all of it found on this machine already.
struct RunParts {
  TaskPaths paths;
  LocalTask task;
  std::string entrypoint;                 // the program on this machine
  std::string manifest;                   // the manifest's file on this machine; empty without one
  std::string manifest_directory;         // shown with what lies beside the manifest; empty: not shown
  std::vector<std::string> source_paths;  // of a repository on this machine
  std::vector<std::string> read_only;     // --read-only
  Installation agent;
  std::string path;     // the caller's PATH
  bool has_gh = false;  // a gh is in it
  SandboxSpec host;     // bwrap, system and links as this machine has them
  bool sandboxed = true;
};

Layout layout_of(const RunParts& parts);

/// What the sandbox shows of the file system for reading: the system, and what the user asked for.
std::vector<std::string> visible_directories(const RunParts& parts);

/// The clean environment of the entrypoint: from the caller only what passes_into_sandbox(), then the Task's own.
Environment run_environment(const RunParts& parts, const Layout& layout, const Environment& caller);

/// `axon-entrypoint COMMAND` in the sandbox.
SandboxSpec sandbox_spec(const RunParts& parts, const Layout& layout, const std::string& command);

}  // namespace axon::cli
