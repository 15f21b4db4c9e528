#include "cli/layout.hpp"

#include "core/contract.hpp"

namespace axon::cli {
namespace {

constexpr std::string_view kEntrypointName = "axon-entrypoint";
constexpr std::string_view kHome = "/home/agent";
constexpr std::string_view kReport = "/axon/report.json";

std::string below(std::string_view directory, std::string_view name) {
  return std::string(directory).append("/").append(name);
}

void put(Environment& env, std::string_view name, const std::string& value) {
  if (!value.empty()) env[std::string(name)] = value;
}

}  // namespace

std::vector<std::string> visible_directories(const RunParts& parts) {
  std::vector<std::string> visible = parts.host.system;
  for (const auto& [link, target] : parts.host.links) visible.push_back(link);
  visible.insert(visible.end(), parts.read_only.begin(), parts.read_only.end());
  return visible;
}

Layout layout_of(const RunParts& parts) {
  Layout layout;
  if (parts.sandboxed) {
    layout.task = contract::kTaskDir;
    layout.plugin = contract::kPluginDir;
    layout.workspace = contract::kWorkspaceDir;
    layout.repo = contract::kRepoDir;
    layout.home = kHome;
    layout.report = kReport;
    layout.bin = contract::kBinDir;
    if (!parts.manifest.empty()) layout.manifest = contract::kManifestPath;
  } else {
    layout.task = parts.paths.task();
    layout.plugin = parts.paths.plugin();
    layout.workspace = parts.paths.workspace();
    layout.repo = parts.paths.repo();
    layout.home = parts.paths.home();
    layout.report = parts.paths.report();
    layout.bin = parts.paths.bin();
    if (!parts.manifest.empty()) layout.manifest = parts.paths.manifest();
  }
  if (!parts.task.github_token.empty()) layout.token_file = below(layout.task, kTokenFile);
  layout.entrypoint = below(layout.bin, kEntrypointName);
  return layout;
}

Environment run_environment(const RunParts& parts, const Layout& layout, const Environment& caller) {
  Environment env;
  for (const auto& [name, value] : caller) {
    if (passes_into_sandbox(name)) env[name] = value;
  }
  std::vector<std::string> first = {layout.bin};
  if (!parts.manifest_directory.empty()) first.push_back(parts.manifest_directory);
  const std::vector<std::string>& own = parts.agent.directories;
  if (parts.sandboxed) {
    std::vector<std::string> visible = visible_directories(parts);
    visible.insert(visible.end(), own.begin(), own.end());
    env["PATH"] = visible_path(parts.path, visible, first);
  } else {
    env["PATH"] = visible_path(parts.path, {"/"}, first);
  }
  for (const auto& [name, value] : parts.task.env) env[name] = value;
  env["HOME"] = layout.home;
  namespace names = contract::env;
  put(env, names::kTaskDir, layout.task);
  put(env, names::kTaskName, parts.task.file.name);
  put(env, names::kAgentType, parts.task.file.type);
  put(env, names::kModel, parts.task.file.model);
  put(env, names::kBranch, parts.task.file.branch);
  put(env, names::kPluginDir, layout.plugin);
  put(env, names::kTerminationLog, layout.report);
  put(env, names::kGithubTokenFile, layout.token_file);
  put(env, names::kManifest, layout.manifest);
  return env;
}

SandboxSpec sandbox_spec(const RunParts& parts, const Layout& layout, const std::string& command) {
  SandboxSpec spec = parts.host;
  for (const std::string& path : parts.agent.paths) spec.binds.push_back({path, path});
  for (const auto& link : parts.agent.links) spec.links.push_back(link);
  for (const std::string& path : parts.source_paths) spec.binds.push_back({path, path});
  for (const std::string& path : parts.read_only) spec.binds.push_back({path, path});
  if (!parts.manifest_directory.empty()) spec.binds.push_back({parts.manifest_directory, parts.manifest_directory});
  if (!layout.manifest.empty()) spec.binds.push_back({parts.manifest, layout.manifest});
  spec.binds.push_back({parts.paths.task(), layout.task});
  spec.binds.push_back({parts.entrypoint, layout.entrypoint});
  if (parts.has_gh) spec.links.emplace_back(layout.bin + "/gh", std::string(kEntrypointName));
  spec.binds.push_back({parts.paths.plugin(), layout.plugin, true});
  spec.binds.push_back({parts.paths.workspace(), layout.workspace, true});
  spec.binds.push_back({parts.paths.home(), layout.home, true});
  spec.binds.push_back({parts.paths.report(), layout.report, true});
  spec.working_directory = command == "run" ? layout.repo : layout.workspace;
  spec.command = {layout.entrypoint, command};
  return spec;
}

}  // namespace axon::cli
