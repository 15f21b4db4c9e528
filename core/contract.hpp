// The agent image interface, contract v1: every path, variable, marker, key and exit code that two programs must spell
// alike is written here and nowhere else. docs/agent-image-interface.md is its text for people.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

namespace axon::contract {

inline constexpr std::string_view kVersion = "v1";
inline constexpr std::string_view kImageLabel = "axon.io/contract";
inline constexpr unsigned kAgentUid = 61100;

// Paths inside the container.
inline constexpr std::string_view kEntrypointPath = "/axon_entrypoint.sh";
inline constexpr std::string_view kTaskDir = "/axon/task";
inline constexpr std::string_view kBinDir = "/axon/bin";
inline constexpr std::string_view kPluginDir = "/axon/plugin";
inline constexpr std::string_view kWorkspaceDir = "/workspace";
inline constexpr std::string_view kRepoDir = "/workspace/repo";
inline constexpr std::string_view kManifestPath = "/etc/axon/agent.yaml";
inline constexpr std::string_view kTerminationLog = "/dev/termination-log";
inline constexpr std::string_view kGithubTokenDir = "/axon/github-token";  // one file, GITHUB_TOKEN

// Files in the task directory.
inline constexpr std::string_view kTaskFile = "task.json";
inline constexpr std::string_view kPromptFile = "prompt";
inline constexpr std::string_view kInstructionsFile = "agents.md";
inline constexpr std::string_view kMcpFile = "mcp.json";
inline constexpr std::string_view kSshKeyFile = "ssh-privatekey";  // as in a Secret of type kubernetes.io/ssh-auth
inline constexpr std::string_view kSshKnownHostsFile = "known_hosts";

// Variables that the agent container is given.
namespace env {
inline constexpr std::string_view kAgentType = "AXON_AGENT_TYPE";
inline constexpr std::string_view kModel = "AXON_MODEL";
inline constexpr std::string_view kBranch = "AXON_BRANCH";
inline constexpr std::string_view kBaseBranch = "AXON_BASE_BRANCH";
inline constexpr std::string_view kAgentsMd = "AXON_AGENTS_MD";
inline constexpr std::string_view kMcpServers = "AXON_MCP_SERVERS";
inline constexpr std::string_view kPluginDir = "AXON_PLUGIN_DIR";
inline constexpr std::string_view kTaskDir = "AXON_TASK_DIR";
inline constexpr std::string_view kTaskName = "AXON_TASK_NAME";
inline constexpr std::string_view kPrompt = "AXON_PROMPT";
inline constexpr std::string_view kSetupCommand = "AXON_SETUP_COMMAND";
inline constexpr std::string_view kDeadlineSeconds = "AXON_DEADLINE_SECONDS";
inline constexpr std::string_view kStallSeconds = "AXON_STALL_SECONDS";
inline constexpr std::string_view kGraceSeconds = "AXON_GRACE_SECONDS";
inline constexpr std::string_view kManifest = "AXON_AGENT_MANIFEST";
inline constexpr std::string_view kTerminationLog = "AXON_TERMINATION_LOG";
inline constexpr std::string_view kGithubTokenFile = "AXON_GITHUB_TOKEN_FILE";
inline constexpr std::string_view kSshKeyFile = "AXON_SSH_KEY_FILE";
inline constexpr std::string_view kSshKnownHostsFile = "AXON_SSH_KNOWN_HOSTS_FILE";
inline constexpr std::string_view kGithubToken = "GITHUB_TOKEN";
inline constexpr std::string_view kGhToken = "GH_TOKEN";
inline constexpr std::string_view kGhEnterpriseToken = "GH_ENTERPRISE_TOKEN";
inline constexpr std::string_view kGhHost = "GH_HOST";
// Given by the entrypoint to the agent: the moment (RFC 3339, UTC) at which it will be stopped.
inline constexpr std::string_view kDeadline = "AXON_DEADLINE";
}  // namespace env

// The credential variables of the four built-in types; the key in the Secret has the same name.
inline constexpr std::array<std::string_view, 5> kCredentialVariables = {
    "ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN", "CODEX_API_KEY", "GEMINI_API_KEY", "OPENCODE_API_KEY"};

// The block of results on stdout, in the two dialects of the contract: the same variables, files and markers, with
// another prefix. Readers take the last complete pair.
struct Dialect {
  std::string_view prefix;      // of the variables
  std::string_view entrypoint;  // the name of the container's command
  std::string_view outputs_start;
  std::string_view outputs_end;
};
inline constexpr Dialect kAxonDialect = {"AXON_", "axon_entrypoint.sh", "---AXON_OUTPUTS_START---",
                                         "---AXON_OUTPUTS_END---"};
inline constexpr Dialect kKelosDialect = {"KELOS_", "kelos_entrypoint.sh", "---KELOS_OUTPUTS_START---",
                                          "---KELOS_OUTPUTS_END---"};

constexpr bool is_outputs_start(std::string_view line) {
  return line == kAxonDialect.outputs_start || line == kKelosDialect.outputs_start;
}
constexpr bool is_outputs_end(std::string_view line) {
  return line == kAxonDialect.outputs_end || line == kKelosDialect.outputs_end;
}

namespace key {
inline constexpr std::string_view kBranch = "branch";
inline constexpr std::string_view kPullRequest = "pr";
inline constexpr std::string_view kCommit = "commit";
inline constexpr std::string_view kBaseBranch = "base-branch";
inline constexpr std::string_view kCostUsd = "cost-usd";
inline constexpr std::string_view kInputTokens = "input-tokens";
inline constexpr std::string_view kOutputTokens = "output-tokens";
inline constexpr std::string_view kCacheReadTokens = "cache-read-tokens";
inline constexpr std::string_view kCacheWriteTokens = "cache-write-tokens";
inline constexpr std::string_view kReasoningTokens = "reasoning-tokens";
inline constexpr std::string_view kModel = "model";
inline constexpr std::string_view kTurns = "turns";
inline constexpr std::string_view kSessionId = "session-id";
inline constexpr std::string_view kReason = "reason";
inline constexpr std::string_view kResponse = "response";  // base64
}  // namespace key

// Exit codes of `axon-entrypoint run`. Otherwise it is the agent's own, or 128+n where signal n ended the agent.
namespace exit_code {
inline constexpr int kSucceeded = 0;
inline constexpr int kAgentSaysError = 1;  // the agent exited 0, its result says error
inline constexpr int kUsage = 2;           // the entrypoint's own command line is wrong
inline constexpr int kCloneFailed = 65;    // `prepare`: workspace, branch, files or plugins
inline constexpr int kInternal = 70;       // a fault of the entrypoint (EX_SOFTWARE)
inline constexpr int kConfigInvalid = 78;  // prompt, type, MCP JSON, manifest … (EX_CONFIG)
inline constexpr int kTimedOut = 124;      // deadline or stall, as timeout(1)
inline constexpr int kCannotExecute = 126;
inline constexpr int kAgentNotFound = 127;
inline constexpr int kCancelled = 143;  // 128 + SIGTERM
}  // namespace exit_code

// The kubelet keeps this much of one container's termination message.
inline constexpr std::size_t kReportLimit = 4096;

// A longer prompt, instructions or MCP JSON is in the task directory only: one string of over 128 KiB stops exec.
inline constexpr std::size_t kMaxVariable = std::size_t{96} * 1024;

// A Pod has 60 s from TERM to KILL: this much for the agent, as much again halved for the capture, the rest spare.
inline constexpr std::chrono::seconds kAgentGrace{30};
inline constexpr std::chrono::seconds kCaptureGrace{15};

// An agent that lingers this long after its final result, without any further progress, is ended.
inline constexpr std::chrono::seconds kLingerGrace{5};

// Values shorter than this are not redacted: they would match by chance.
inline constexpr std::size_t kMinRedactedBytes = 8;

}  // namespace axon::contract
