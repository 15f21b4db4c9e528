#include "cli/run_flags.hpp"

#include <initializer_list>
#include <tuple>

namespace axon::cli {
namespace {

/// The first flag of these that was given, and what is said of it.
Result<void> refuse(std::initializer_list<std::tuple<bool, const char*, const char*>> flags, const std::string& where) {
  for (const auto& [is_given, flag, advice] : flags) {
    if (is_given) return fail(Errc::InvalidInput, std::string(flag) + ": " + where + "; " + advice);
  }
  return {};
}

}  // namespace

Result<void> check_cluster_flags(const RunOptions& o) {
  constexpr const char* kConfig =
      "on a cluster put it into an AgentConfig: axon create agentconfig, then --agent-config";
  return refuse({{!o.agents_md.empty(), "--agents-md", kConfig},
                 {!o.skills.empty(), "--skill", kConfig},
                 {!o.agents.empty(), "--agent", kConfig},
                 {!o.mcp.empty(), "--mcp", kConfig},
                 {!o.setup.empty(), "--setup", "on a cluster it is setupCommand of the Workspace"},
                 {!o.agent_manifest.empty(), "--agent-manifest", "on a cluster the agent's image has it: --image"},
                 {o.sandbox != "auto", "--sandbox", "on a cluster the Pod is the sandbox"},
                 {!o.read_only.empty(), "--read-only", "on a cluster: volumes in podOverrides of a Task in a file"}},
                "works with --local only");
}

Result<void> check_local_flags(const RunOptions& o) {
  constexpr const char* kOutput = "with --local: table, json";
  return refuse({{!o.secret.empty(), "--secret", "with --local the credential comes from the environment"},
                 {!o.image.empty(), "--image", "with --local the agent is the program in your PATH"},
                 {!o.workspace.empty(), "--workspace", "with --local: --repo, or a Workspace in a file: -f"},
                 {!o.agent_config.empty(), "--agent-config", "with --local: an AgentConfig in a file: -f"},
                 {o.output != "table" && o.output != "json", "--output", kOutput}},
                "is for a cluster");
}

}  // namespace axon::cli
