#include "cli/run_setup.hpp"

#include <unistd.h>

#include <filesystem>

#include "adapters/manifest/manifest.hpp"
#include "cli/document_set.hpp"
#include "cli/duration.hpp"
#include "cli/files.hpp"
#include "cli/git_source.hpp"
#include "cli/host.hpp"
#include "cli/local_defaults.hpp"
#include "cli/text.hpp"
#include "core/credentials.hpp"
#include "core/json_text.hpp"

namespace axon::cli {
namespace {

namespace fs = std::filesystem;

/// No files are there yet: planning before the run shows what is wrong with the Task, not with a home.
class NoFiles : public FileView {
 public:
  Result<std::optional<std::string>> read(const std::string&) const override { return std::nullopt; }
  Result<bool> read_chunks(const std::string&, const std::function<void(std::string_view)>&) const override {
    return false;
  }
  std::vector<std::string> list(const std::string&) const override { return {}; }
};

Result<void> add_manifest(RunSetup& setup, const std::string& path) {
  Result<std::string> text = read_file(path);
  if (!text) return wrap("--agent-manifest", text.error());
  Result<Adapter> adapter = load_manifest(*text, path);
  if (!adapter) return std::unexpected(adapter.error());
  setup.adapter = std::move(*adapter);
  setup.manifest_text = std::move(*text);
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  setup.parts.manifest = real.string();
  const std::string home = fs::weakly_canonical(value_of(setup.caller, "HOME"), error).string();
  if (is_below(home, {real.parent_path().string()})) {
    setup.notes.push_back("the manifest lies in " + real.parent_path().string() +
                          ", which is not shown to the agent: it holds your home. Put it into a directory of its own");
  } else {
    setup.parts.manifest_directory = real.parent_path().string();
  }
  return {};
}

/// The built-in adapter, or the manifest's where one is given. Null adapter name: an unknown type, told by plan_task.
Result<void> find_adapter(RunSetup& setup, RunOptions& options, const NamedTask* chosen) {
  if (options.agent_manifest.empty()) {
    if (const Adapter* builtin = find_builtin_adapter(task_type(options, chosen))) setup.adapter = *builtin;
    return {};
  }
  if (const auto added = add_manifest(setup, options.agent_manifest); !added) return added;
  const std::string& name = setup.adapter.name;
  const bool said = !options.type.empty() || (chosen != nullptr && !chosen->spec.type.empty());
  if (!said) options.type = name;
  if (task_type(options, chosen) == name) return {};
  return fail(Errc::InvalidInput, "--agent-manifest: " + options.agent_manifest + " describes the agent \"" + name +
                                      "\", but the Task's type is \"" + task_type(options, chosen) + "\"");
}

Result<void> find_source(RunSetup& setup) {
  WorkspaceSource& workspace = *setup.parts.task.file.workspace;
  if (is_remote_url(workspace.repo)) {
    setup.notes.push_back("clones " + workspace.repo);
    return {};
  }
  const bool current = workspace.repo.empty();
  Result<LocalSource> source = find_local_source(current ? "." : workspace.repo);
  if (!source) return std::unexpected(source.error());
  workspace.repo = source->root;
  setup.parts.source_paths = std::move(source->paths);
  setup.notes.push_back("clones " + source->root + (current ? ", the repository you are in" : "") +
                        ": what is committed there; it is only read, never changed");
  return {};
}

/// Asks the adapter for the launch before anything is made: a Task that it refuses is refused here, and the program
/// that it starts is the one to look for.
Result<void> find_agent(RunSetup& setup) {
  RunParts& parts = setup.parts;
  AgentTask task;
  task.type = setup.adapter.name;
  task.prompt = parts.task.prompt;
  task.model = parts.task.file.model;
  task.instructions = parts.task.instructions;
  task.mcp_servers = parts.task.mcp_servers;
  const Layout layout = layout_of(parts);
  for (const PluginSource& source : parts.task.file.plugins) {
    Plugin plugin{source.name, layout.plugin + "/" + source.name, {}, {}};
    for (const PluginDocument& skill : source.skills) plugin.skills.push_back(skill.name);
    for (const PluginDocument& agent : source.agents) plugin.agents.push_back(agent.name);
    task.plugins.push_back(std::move(plugin));
  }
  task.env = run_environment(parts, layout, setup.caller);
  task.working_directory = layout.repo;
  task.is_root = geteuid() == 0;
  const Result<Launch> launch = setup.adapter.plan(task, NoFiles());
  if (!launch) return std::unexpected(launch.error());
  std::string path = parts.path;
  if (!parts.manifest_directory.empty()) path.insert(0, parts.manifest_directory + ":");
  Result<Installation> found = find_installation(launch->argv.front(), path, visible_directories(parts));
  if (!found) return std::unexpected(found.error());
  parts.agent = std::move(*found);
  return {};
}

/// The certificates that the caller's variables name are of use only where they can be read.
void show_certificates(RunSetup& setup) {
  for (const char* name : {"SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "NODE_EXTRA_CA_CERTS",
                           "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}) {
    const std::string path = value_of(setup.caller, name);
    std::error_code error;
    const bool shown = is_below(path, visible_directories(setup.parts)) || is_below(path, visible_etc());
    if (path.starts_with('/') && !shown && fs::exists(path, error)) setup.parts.read_only.push_back(path);
  }
}

Result<void> find_host(RunSetup& setup, const RunOptions& options) {
  RunParts& parts = setup.parts;
  parts.path = value_of(setup.caller, "PATH");
  parts.sandboxed = options.sandbox != "none";
  Result<std::string> entrypoint = find_entrypoint(setup.caller);
  if (!entrypoint) return std::unexpected(entrypoint.error());
  parts.entrypoint = std::move(*entrypoint);
  parts.has_gh = !find_program("gh", parts.path).empty();
  parts.host = host_sandbox(parts.path);
  for (const std::string& path : options.read_only) {
    std::error_code error;
    const std::string real = fs::canonical(path, error).string();
    if (error) return fail(Errc::NotFound, "--read-only: " + path + ": " + error.message());
    parts.read_only.push_back(real);
  }
  show_certificates(setup);
  if (parts.sandboxed) return check_sandbox(parts.host);
  setup.notes.emplace_back("--sandbox none: the agent is not isolated; it can read and change all that you can");
  return {};
}

void describe_spec(RunSetup& setup) {
  const TaskFile& file = setup.parts.task.file;
  LocalSpec& spec = setup.spec;
  spec.name = file.name;
  spec.type = file.type;
  spec.model = file.model;
  spec.prompt = setup.parts.task.prompt;
  spec.source = file.workspace->repo;
  spec.ref = file.workspace->ref;
  spec.branch = file.branch;
  spec.sandbox = setup.parts.sandboxed ? "bwrap" : "none";
  spec.deadline_seconds = file.deadline_seconds.value_or(0);
  if (!setup.manifest_text.empty()) spec.manifest = "agent.yaml";
}

std::vector<std::string> names_of(const Environment& env) {
  std::vector<std::string> names;
  for (const auto& [name, value] : env) names.push_back(name);
  return names;
}

}  // namespace

World real_world(const Environment& caller) {
  World world;
  world.read = read_file;
  world.variable = [&caller](const std::string& name) -> std::optional<std::string> {
    const auto found = caller.find(name);
    return found == caller.end() ? std::nullopt : std::optional(found->second);
  };
  world.has_succeeded = [](const std::string& name) {
    const Result<StoredTask> task = load_task(name);
    return task && task->status.phase == "Succeeded";
  };
  return world;
}

Result<DocumentSet> read_documents(const RunOptions& options) {
  DocumentSet documents;
  for (const std::string& path : options.files) {
    const Result<std::string> text = read_file(path);
    if (!text) return wrap("--file", text.error());
    if (const auto added = add_documents(documents, *text, path == "-" ? "stdin" : path); !added) {
      return std::unexpected(added.error());
    }
  }
  return documents;
}

Result<RunSetup> set_up(const RunOptions& given) {
  RunSetup setup;
  setup.caller = caller_environment();
  const Result<UserConfig> config = load_user_config(given.cluster.config, setup.caller);
  if (!config) return std::unexpected(config.error());
  setup.notes = config->warnings;
  const World world = real_world(setup.caller);
  const Result<DocumentSet> documents = read_documents(given);
  if (!documents) return std::unexpected(documents.error());
  const Result<const NamedTask*> chosen = choose_task(*documents, given.name);
  if (!chosen) return std::unexpected(chosen.error());
  RunOptions options = with_defaults(given, *config, *chosen, find_local_source(".").has_value());
  if (const auto found = find_adapter(setup, options, *chosen); !found) return std::unexpected(found.error());
  const Adapter* manifest = setup.manifest_text.empty() ? nullptr : &setup.adapter;
  Result<LocalTask> task = plan_task(options, *config, *documents, *chosen, manifest, world);
  if (!task) return std::unexpected(task.error());
  setup.parts.task = std::move(*task);
  if (setup.adapter.name.empty()) {
    return fail(Errc::InvalidInput, "the type " + setup.parts.task.file.type + " is not in this version of axon");
  }
  if (const auto found = find_source(setup); !found) return std::unexpected(found.error());
  if (const auto found = find_host(setup, options); !found) return std::unexpected(found.error());
  if (const auto found = find_agent(setup); !found) return std::unexpected(found.error());
  describe_spec(setup);
  return setup;
}

void adopt(RunSetup& setup, const OwnTask& task) {
  setup.parts.paths = task.paths;
  setup.parts.task.file.name = task.name;
  setup.spec.name = task.name;
  if (!setup.parts.manifest.empty()) setup.parts.manifest = task.paths.manifest();
}

std::string describe_dry_run(const RunSetup& setup, const std::string& output) {
  const TaskFile& file = setup.parts.task.file;
  const Layout layout = layout_of(setup.parts);
  const std::vector<std::string> variables = names_of(run_environment(setup.parts, layout, setup.caller));
  std::vector<std::string> servers;
  for (const McpServer& server : setup.parts.task.mcp_servers) servers.push_back(server.name);
  std::vector<std::string> plugins;
  for (const PluginSource& plugin : file.plugins) plugins.push_back(plugin.name);
  const auto seconds = [](const std::optional<std::int64_t>& value) {
    return value ? format_duration(std::chrono::seconds(*value)) : std::string();
  };
  if (output == "json") {
    nlohmann::json object = task_object(setup.spec, {}, "");
    object.erase("status");
    object["run"] = {{"agent", setup.parts.agent.program},
                     {"variables", variables},
                     {"mcpServers", servers},
                     {"plugins", plugins},
                     {"source", setup.spec.source},
                     {"sandbox", setup.spec.sandbox}};
    return json_text(object, 2) + "\n";
  }
  return render_facts({{"Task", file.name.empty() ? "task-… (a new name)" : file.name},
                       {"Type", file.type},
                       {"Model", file.model},
                       {"Prompt", one_line(setup.parts.task.prompt, 200)},
                       {"Repository", setup.spec.source},
                       {"Ref", setup.spec.ref},
                       {"Branch", file.branch},
                       {"Agent", setup.parts.agent.program},
                       {"Credential", join(setup.parts.task.credential_names)},
                       {"GitHub token", setup.parts.task.github_token.empty() ? "none" : "yes"},
                       {"Variables", join(variables)},
                       {"MCP servers", join(servers)},
                       {"Plugins", join(plugins)},
                       {"Time-out", seconds(file.deadline_seconds)},
                       {"Stall", seconds(file.stall_seconds)},
                       {"Sandbox", setup.spec.sandbox}},
                      terminal_style(1));
}

}  // namespace axon::cli
