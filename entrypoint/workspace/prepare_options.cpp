#include "entrypoint/workspace/prepare_options.hpp"

#include <strings.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <limits>

#include "core/contract.hpp"
#include "core/names.hpp"
#include "entrypoint/token.hpp"
#include "entrypoint/workspace/repo_url.hpp"

namespace axon {
namespace {

using Setter = bool (*)(PrepareFlags&, const std::string&);

struct Flag {
  const char* name;
  const char* value;
  const char* help;
  Setter set;  // false: the value is not valid
};

bool read_number(const std::string& text, int& number) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size() && number >= 0;
}

bool read_seconds(const std::string& text, std::chrono::seconds& seconds) {
  int number = 0;
  if (!read_number(text, number) || number > std::numeric_limits<int>::max() / 1000) return false;
  seconds = std::chrono::seconds(number);
  return true;
}

bool set_depth(PrepareFlags& flags, const std::string& text) {
  int depth = 0;
  if (!read_number(text, depth)) return false;
  flags.depth = depth;
  return true;
}

constexpr std::array<Flag, 9> kFlags = {{
    {"--repo", "URL", "repository to clone: https, ssh, git, file URL or a path",
     [](PrepareFlags& f, const std::string& v) { return f.repo = v, !v.empty(); }},
    {"--ref", "NAME", "branch, tag or full commit SHA; default: the remote's default branch",
     [](PrepareFlags& f, const std::string& v) { return f.ref = v, true; }},
    {"--branch", "NAME", "branch to work on; made from the ref if the remote has none of this name",
     [](PrepareFlags& f, const std::string& v) { return f.branch = v, true; }},
    {"--path", "DIR", "directory of the clone; default: /workspace/repo",
     [](PrepareFlags& f, const std::string& v) { return f.path = v, !v.empty(); }},
    {"--depth", "N", "commits of history; 0: all; default: 1", set_depth},
    {"--plugin-dir", "DIR", "where plugins are written; default: AXON_PLUGIN_DIR, else /axon/plugin",
     [](PrepareFlags& f, const std::string& v) { return f.plugin_dir = v, !v.empty(); }},
    {"--install", "DIR", "copy this program there too, for the agent's container",
     [](PrepareFlags& f, const std::string& v) { return f.install_dir = v, !v.empty(); }},
    {"--stall-timeout", "SECONDS", "give up when the server is silent for so long; 0: never; default: 120",
     [](PrepareFlags& f, const std::string& v) { return read_seconds(v, f.stall); }},
    {"--timeout", "SECONDS", "give up when the clone takes so long; 0: never; default: 0",
     [](PrepareFlags& f, const std::string& v) { return read_seconds(v, f.timeout); }},
}};

const Flag* find_flag(const std::string& name) {
  for (const Flag& flag : kFlags) {
    if (name == flag.name) return &flag;
  }
  return nullptr;
}

bool is_git_directory(std::string_view component) {
  return component.size() == 4 && strncasecmp(component.data(), ".git", 4) == 0;
}

/// Git's own directory is not the workspace's to write: a hook or a setting there would run as the agent.
Result<void> check_workspace(const WorkspaceSource& workspace) {
  if (Result<RepoUrl> repo = parse_repo_url(workspace.repo); !repo) return std::unexpected(std::move(repo).error());
  for (const InjectedFile& file : workspace.files) {
    std::string problem = relative_path_problem(file.path);
    const std::filesystem::path path(file.path);
    if (problem.empty() && !path.has_filename()) problem = "it names no file";
    for (const auto& component : path) {
      if (is_git_directory(component.string())) problem = "git's own directory is not written";
      if (component == ".") problem = "\".\" is no name";
    }
    if (!problem.empty()) return fail(Errc::InvalidInput, "file \"" + file.path + "\": " + problem);
  }
  return {};
}

Result<void> check_plugins(const std::vector<PluginSource>& plugins) {
  for (const PluginSource& plugin : plugins) {
    std::vector<std::string> names = {plugin.name};
    for (const auto& skill : plugin.skills) names.push_back(skill.name);
    for (const auto& agent : plugin.agents) names.push_back(agent.name);
    for (const std::string& name : names) {
      if (!is_path_component(name)) {
        return fail(Errc::InvalidInput, "plugin \"" + plugin.name + "\": \"" + name + "\" is no valid name");
      }
    }
  }
  return {};
}

}  // namespace

Result<PrepareFlags> parse_prepare_flags(std::span<const std::string> args) {
  PrepareFlags flags;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--help" || args[i] == "-h") {
      flags.help = true;
      continue;
    }
    const std::size_t equals = args[i].find('=');
    const Flag* flag = find_flag(args[i].substr(0, equals));
    if (flag == nullptr) return fail(Errc::InvalidInput, "unknown argument " + args[i] + "; see --help");
    if (equals == std::string::npos && i + 1 == args.size()) {
      return fail(Errc::InvalidInput, args[i] + " needs a value: " + flag->value);
    }
    const std::string value = equals == std::string::npos ? args[++i] : args[i].substr(equals + 1);
    if (!flag->set(flags, value)) {
      return fail(Errc::InvalidInput, std::string(flag->name) + ": \"" + value + "\" is no valid " + flag->value);
    }
  }
  return flags;
}

std::string prepare_help() {
  std::string text =
      "usage: axon-entrypoint prepare [FLAG VALUE]...\n\n"
      "Clones the workspace and writes its files and the plugins, as task.json in AXON_TASK_DIR (default /axon/task)\n"
      "says. Flags go before it.\n\n";
  for (const Flag& flag : kFlags) {
    const std::string left = std::string("  ") + flag.name + " " + flag.value;
    text += left + std::string(left.size() < 26 ? 26 - left.size() : 1, ' ') + flag.help + "\n";
  }
  return text;
}

Result<PreparePlan> plan_prepare(const PrepareFlags& flags, const std::optional<TaskFile>& task,
                                 const Environment& environment) {
  PreparePlan plan;
  if (task) {
    plan.workspace = task->workspace;
    plan.branch = task->branch;
    plan.plugins = task->plugins;
  }
  if (flags.repo && !plan.workspace) plan.workspace.emplace();
  if (plan.workspace) {
    if (flags.repo) plan.workspace->repo = *flags.repo;
    if (flags.ref) plan.workspace->ref = *flags.ref;
    if (flags.path) plan.workspace->path = *flags.path;
    if (flags.depth) plan.workspace->depth = *flags.depth;
  } else if (flags.ref || flags.path || flags.depth || flags.branch) {
    return fail(Errc::InvalidInput, "there is no workspace to clone: name its repository with --repo");
  }
  if (flags.branch) plan.branch = *flags.branch;
  plan.plugin_dir = flags.plugin_dir;
  if (plan.plugin_dir.empty()) plan.plugin_dir = value_of(environment, contract::env::kPluginDir);
  if (plan.plugin_dir.empty()) plan.plugin_dir = contract::kPluginDir;
  if (plan.workspace) {
    if (Result<void> checked = check_workspace(*plan.workspace); !checked) return std::unexpected(checked.error());
  }
  if (Result<void> checked = check_plugins(plan.plugins); !checked) return std::unexpected(checked.error());
  return plan;
}

}  // namespace axon
