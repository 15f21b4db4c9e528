#include "controller/task/stage.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/contract.hpp"
#include "core/encoding.hpp"
#include "core/report.hpp"

namespace axon::controller {
namespace {

constexpr std::size_t kMaxMessage = 1024;  // of what a container wrote, in a message for people

const ContainerFacts* find(const std::vector<ContainerFacts>& containers, std::string_view name) {
  const auto found = std::ranges::find(containers, name, &ContainerFacts::name);
  return found == containers.end() ? nullptr : &*found;
}

bool has_failed(const ContainerFacts& container) { return container.exit_code.value_or(0) != 0; }

/// A sidecar that fails is started again.
bool prevents_the_start(const ContainerFacts& container) { return has_failed(container) && !container.is_sidecar; }

std::string first_line(std::string_view text) {
  return std::string(utf8_prefix(text.substr(0, text.find('\n')), kMaxMessage));
}

std::string sentence(const std::string& start, const std::string& detail) {
  return detail.empty() ? start + "." : start + ": " + detail;
}

std::optional<Report> report_of(const ContainerFacts& container) {
  if (container.termination_message.empty()) return std::nullopt;
  Result<Report> report = parse_report(container.termination_message);
  return report ? std::optional(std::move(*report)) : std::nullopt;
}

// --- not running yet -------------------------------------------------------------------------------------------

struct Trouble {
  std::string_view waiting;  // what the kubelet calls it
  Reason reason;
  std::string_view advice;
};

constexpr std::array<Trouble, 9> kTroubles = {{
    {"ErrImagePull", Reason::ImagePullFailed, "check the image's name, its tag and imagePullSecrets"},
    {"ImagePullBackOff", Reason::ImagePullFailed, "check the image's name, its tag and imagePullSecrets"},
    {"InvalidImageName", Reason::ImagePullFailed, "check the image's name"},
    {"ErrImageNeverPull", Reason::ImagePullFailed, "the image is not on the node and the pull policy is Never"},
    {"ImageInspectError", Reason::ImagePullFailed, "the node cannot read the image"},
    {"RegistryUnavailable", Reason::ImagePullFailed, "the registry does not answer"},
    {"CreateContainerConfigError", Reason::ConfigInvalid, "check the Secrets and ConfigMaps that the Task refers to"},
    {"CreateContainerError", Reason::ConfigInvalid, "check the image and podOverrides"},
    {"RunContainerError", Reason::ConfigInvalid, "check the image and podOverrides"},
}};

std::optional<Starting> trouble_of(const ContainerFacts& container) {
  if (container.is_sidecar && container.finished_at) {  // between two attempts the kubelet does not call it waiting
    return Starting{std::string(to_string(Reason::ConfigInvalid)),
                    "container " + container.name + ": the sidecar ended with exit code " +
                        std::to_string(container.exit_code.value_or(0)) +
                        " and is started again; the agent starts when it runs (its log may say why)"};
  }
  for (const Trouble& trouble : kTroubles) {
    if (container.waiting_reason != trouble.waiting) continue;
    const std::string what =
        container.waiting_message.empty() ? container.waiting_reason : first_line(container.waiting_message);
    return Starting{std::string(to_string(trouble.reason)),
                    "container " + container.name + ": " + what + " (" + std::string(trouble.advice) + ")"};
  }
  return std::nullopt;
}

Starting starting(const PodFacts& pod) {
  if (!pod.unschedulable.empty()) {
    return {std::string(to_string(Reason::Unschedulable)), first_line(pod.unschedulable)};
  }
  for (const auto* containers : {&pod.init_containers, &pod.containers}) {
    for (const ContainerFacts& container : *containers) {
      if (auto trouble = trouble_of(container)) return *std::move(trouble);
    }
  }
  const auto working = std::ranges::find_if(
      pod.init_containers, [](const ContainerFacts& c) { return c.started_at && !c.finished_at && !c.is_sidecar; });
  if (working != pod.init_containers.end()) {
    return {"Preparing", "container " + working->name + " prepares the workspace"};
  }
  return {"Starting", "the Pod is starting"};
}

// --- how it ended ----------------------------------------------------------------------------------------------

struct PodEnd {
  std::string_view name;  // of the Pod's reason, or of its disruption
  Reason reason;
  std::string_view sentence;
};

constexpr std::array<PodEnd, 12> kPodEnds = {{
    {"DeadlineExceeded", Reason::DeadlineExceeded, "The Pod's deadline passed"},
    {"Evicted", Reason::Evicted, "The kubelet evicted the Pod"},
    {"Preempting", Reason::Evicted, "The kubelet made room for a critical Pod"},
    {"EvictionByEvictionAPI", Reason::Evicted, "The Pod was evicted, by a drain of its node for example"},
    {"PreemptionByScheduler", Reason::Evicted, "The scheduler preempted the Pod for one of higher priority"},
    {"TerminationByKubelet", Reason::Evicted, "The kubelet ended the Pod"},
    {"DeletionByTaintManager", Reason::NodeLost, "The node has a taint that the Pod does not tolerate"},
    {"DeletionByPodGC", Reason::NodeLost, "The Pod's node is gone"},
    {"NodeLost", Reason::NodeLost, "The node does not answer"},
    {"NodeShutdown", Reason::NodeLost, "The node was shut down"},
    {"Terminated", Reason::NodeLost, "The node was shut down"},
    {"Shutdown", Reason::NodeLost, "The node was shut down"},
}};

/// What happened to the Pod as a whole, whoever its container blames.
std::optional<Failure> pod_failure(const PodFacts& pod) {
  for (const auto& [name, message] :
       {std::pair(&pod.reason, &pod.message), std::pair(&pod.disruption_reason, &pod.disruption_message)}) {
    const auto found = std::ranges::find(kPodEnds, *name, &PodEnd::name);
    if (found != kPodEnds.end()) {
      return Failure{found->reason, sentence(std::string(found->sentence), first_line(*message))};
    }
  }
  return std::nullopt;
}

Failure failure_by_exit(const ContainerFacts& container) {
  const int code = container.exit_code.value_or(0);
  if (container.terminated_reason == "StartError" || container.terminated_reason == "ContainerCannotRun") {
    return {Reason::AgentNotFound,
            sentence("The container could not be started; an image needs " + std::string(contract::kEntrypointPath) +
                         ", or injectEntrypoint in the Task",
                     first_line(container.termination_message))};
  }
  if (code == contract::exit_code::kCannotExecute || code == contract::exit_code::kAgentNotFound) {
    return {Reason::AgentNotFound,
            "The agent's program is not there or cannot be run (exit code " + std::to_string(code) + ")."};
  }
  if (code == contract::exit_code::kCancelled) return {Reason::Cancelled, "The agent was told to stop (SIGTERM)."};
  if (code > 128 && code < 128 + 65) {
    return {Reason::AgentCrashed, "The agent was ended by signal " + std::to_string(code - 128) + "."};
  }
  return {Reason::AgentError, "The agent exited with code " + std::to_string(code) + "."};
}

std::optional<std::int64_t> count(const std::map<std::string, std::string>& results, std::string_view key) {
  const auto found = results.find(std::string(key));
  std::int64_t number = 0;
  if (found == results.end()) return std::nullopt;
  const std::string& text = found->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

std::optional<Usage> usage_from(const std::map<std::string, std::string>& results) {
  const auto input = count(results, contract::key::kInputTokens);
  const auto output = count(results, contract::key::kOutputTokens);
  const auto cost = results.find(std::string(contract::key::kCostUsd));
  if (!input && !output && cost == results.end()) return std::nullopt;
  Usage usage;
  usage.input_tokens = input.value_or(0);
  usage.output_tokens = output.value_or(0);
  usage.cache_read_tokens = count(results, contract::key::kCacheReadTokens).value_or(0);
  usage.cache_write_tokens = count(results, contract::key::kCacheWriteTokens).value_or(0);
  usage.reasoning_tokens = count(results, contract::key::kReasoningTokens).value_or(0);
  if (cost != results.end()) {
    char* end = nullptr;
    const double dollars = std::strtod(cost->second.c_str(), &end);
    if (end != cost->second.c_str() && *end == '\0' && dollars >= 0) usage.cost_usd = dollars;
  }
  return usage;
}

/// An image that knows only the block of outputs may say why it failed in a line of it.
std::optional<Failure> failure_from_log(const ContainerFacts& agent, const Ended& end) {
  if (!has_failed(agent)) return std::nullopt;
  Failure failure = failure_by_exit(agent);
  if (const auto line = end.results.find(std::string(contract::key::kReason)); line != end.results.end()) {
    if (const auto reason = parse_reason(line->second)) failure.reason = *reason;
  }
  return failure;
}

/// OutOfMemory outranks everything; what happened to the Pod outranks "told to stop" and the absence of a report.
std::optional<Failure> judge(const PodFacts& pod, const ContainerFacts& agent, const std::optional<Report>& report,
                             const Ended& end) {
  const bool says_success = report && report->finished && report->outcome.succeeded();
  if (says_success && agent.exit_code == 0) return std::nullopt;
  if (agent.terminated_reason == "OOMKilled") {
    return Failure{Reason::OutOfMemory, "The agent needed more memory than its limit; raise podOverrides.resources."};
  }
  // The agent can write the report, too; the exit code of a killed container it cannot.
  const bool finished = report && report->finished && !says_success;
  if (!finished || report->outcome.failure->reason == Reason::Cancelled) {
    if (auto failure = pod_failure(pod)) return failure;
  }
  if (finished) return report->outcome.failure;
  if (!report) return failure_from_log(agent, end);
  // A checkpoint only: the entrypoint was killed before it could say more.
  return has_failed(agent) ? failure_by_exit(agent)
                           : Failure{Reason::AgentCrashed, "The entrypoint ended without its last report."};
}

Ended agent_ended(const PodFacts& pod, const ContainerFacts& agent, std::string_view log, Time now) {
  Ended end;
  end.started = agent.started_at;
  end.at = agent.finished_at.value_or(now);
  const std::optional<Report> report = report_of(agent);
  end.outputs = report ? output_lines(*report) : parse_marker_block(log);
  end.results = results_from(end.outputs);
  end.usage = report ? report->usage : usage_from(end.results);
  end.failure = judge(pod, agent, report, end);
  return end;
}

std::optional<Ended> preparation_failed(const PodFacts& pod, Time now) {
  const auto failed = std::ranges::find_if(pod.init_containers, prevents_the_start);
  if (failed == pod.init_containers.end()) return std::nullopt;
  Ended end;
  end.at = failed->finished_at.value_or(now);
  const std::optional<Report> report = report_of(*failed);
  if (failed->terminated_reason == "OOMKilled") {
    end.failure = {Reason::OutOfMemory, "The init container " + failed->name + " needed more memory than its limit."};
  } else if (report && report->finished && !report->outcome.succeeded()) {
    end.failure = report->outcome.failure;
  } else {
    end.failure = {Reason::CloneFailed, sentence("The init container " + failed->name + " failed with exit code " +
                                                     std::to_string(*failed->exit_code),
                                                 first_line(failed->termination_message))};
  }
  if (end.failure->reason == Reason::Cancelled) {
    if (auto failure = pod_failure(pod)) end.failure = std::move(failure);
  }
  return end;
}

/// The Pod is over and its agent's container never said how: the node is gone, or the Pod never came to run.
Ended lost(const PodFacts& pod, Time now) {
  Ended end;
  end.at = now;
  end.failure = pod_failure(pod);
  if (!end.failure) {
    end.failure = {Reason::NodeLost,
                   sentence(pod.forced_at ? "The Pod was deleted by force, and its node did not tell how it ended"
                                          : "The Pod failed before the agent's end was known",
                            first_line(pod.message.empty() ? pod.reason : pod.message))};
  }
  return end;
}

}  // namespace

std::map<std::string, std::string> results_from(const std::vector<std::string>& outputs) {
  std::map<std::string, std::string> results;
  for (const std::string& line : outputs) {
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos && colon > 0) results[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return results;
}

bool needs_log(const PodFacts& pod, const std::string& agent) {
  const ContainerFacts* container = find(pod.containers, agent);
  return container != nullptr && container->finished_at && !report_of(*container) &&
         container->terminated_reason != "StartError" && container->terminated_reason != "ContainerCannotRun";
}

Stage stage_of(const PodFacts& pod, const std::string& agent, std::string_view log, Time now) {
  const ContainerFacts* container = find(pod.containers, agent);
  if (container != nullptr && container->finished_at) return agent_ended(pod, *container, log, now);
  if (auto failed = preparation_failed(pod, now)) return *std::move(failed);
  if (pod.phase == "Failed" || pod.phase == "Succeeded") return lost(pod, now);
  if (pod.forced_at && now - *pod.forced_at >= kForcePatience) return lost(pod, now);
  if (container != nullptr && container->started_at) return Running{container->started_at};
  return starting(pod);
}

}  // namespace axon::controller
