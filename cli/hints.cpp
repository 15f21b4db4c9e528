#include "cli/hints.hpp"

#include <array>
#include <utility>

namespace axon::cli {
namespace {

using Hint = std::pair<std::string_view, std::string_view>;

constexpr std::array<Hint, 24> kOfFailures = {{
    {"AgentError", "the log says more: axon logs "},
    {"AuthenticationFailed",
     "look at the key in the Secret that spec.credentials names, and at the rights of the account"},
    {"RateLimited", "run it again later, or fewer Tasks at a time"},
    {"Overloaded", "run it again later"},
    {"QuotaExceeded", "the account has no credit left"},
    {"ContextExceeded", "make the task smaller, or take a model with a longer context"},
    {"ModelNotFound", "spec.model is no model of this account"},
    {"Refused", "the model declined: say the prompt otherwise"},
    {"MaxTurns", "make the task smaller, or raise the limit that is set for the agent"},
    {"NetworkError", "look at proxy, NetworkPolicy and DNS, then run it again"},
    {"Stalled", "the log says what it was at: axon logs "},
    {"DeadlineExceeded", "give it more time (axon run --timeout), or make the task smaller"},
    {"Cancelled", "somebody or something stopped it; run it again"},
    {"CloneFailed", "look at repo and ref of the Workspace, and at its token"},
    {"ConfigInvalid", "mend what the message names, in another Task"},
    {"SetupFailed", "the output of the setup command is in the log: axon logs "},
    {"AgentNotFound", "the image lacks the agent's program or an entrypoint: look at spec.image and injectEntrypoint"},
    {"AgentCrashed", "the log may say why: axon logs "},
    {"OutOfMemory", "raise the memory in podOverrides.resources"},
    {"Evicted", "the node needed its room or was drained; run it again"},
    {"NodeLost", "the node went away; run it again"},
    {"ImagePullFailed", "look at the image's name and at imagePullSecrets"},
    {"Unschedulable", "no node fits: look at resources, nodeSelector and tolerations"},
    {"DependencyFailed", "mend the Task that it depends on, and run both again"},
}};

constexpr std::array<Hint, 10> kWhileItLasts = {{
    {"WorkspaceNotFound", "make it, and the Task goes on by itself: axon create workspace NAME --repo URL"},
    {"AgentConfigNotFound", "make it, and the Task goes on by itself: axon create agentconfig NAME --agents-md @FILE"},
    {"SecretNotFound",
     "make it, and the Task goes on by itself: kubectl create secret generic NAME --from-file=KEY=FILE"},
    {"SecretKeyNotFound", "add the key, and the Task goes on by itself"},
    {"JobExists", "delete that Job, or give the Task another name"},
    {"ImagePullFailed", "mend the image's name or its pull secret: it is tried again"},
    {"Unschedulable", "look at resources, nodeSelector and tolerations; it starts when a node fits"},
    {"ConfigInvalid", "mend what the message names: it is tried again"},
    {"Starting", "if it lasts, this says why: kubectl describe job "},
    {"GitHubTokenFailed", "do what the message says: it is tried again"},
}};

template <std::size_t N>
std::string find(const std::array<Hint, N>& hints, std::string_view reason, const std::string& task) {
  for (const auto& [name, text] : hints) {
    if (name == reason) return std::string(text) + (text.ends_with(' ') ? task : "");
  }
  return {};
}

}  // namespace

std::string hint_for(const TaskStatus& status, const std::string& task) {
  if (status.phase == phase::kFailed) return find(kOfFailures, status.reason, task);
  // The API server itself says Pending of a new Task.
  if (status.phase.empty() || (status.phase == phase::kPending && status.conditions.empty())) {
    return "no controller has seen it yet; this says why: axon doctor";
  }
  if (status.phase != phase::kPending && status.phase != phase::kWaiting) return {};
  const Condition* ready = find_condition(status, condition::kReady);
  return ready == nullptr || ready->holds ? "" : find(kWhileItLasts, ready->reason, task);
}

}  // namespace axon::cli
