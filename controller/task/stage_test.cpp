#include "controller/task/stage.hpp"

#include <gtest/gtest.h>

#include "core/contract.hpp"
#include "core/report.hpp"

namespace axon::controller {
namespace {

const Time kStart(std::chrono::seconds(1'000));
const Time kEnd(std::chrono::seconds(1'060));
const Time kNow(std::chrono::seconds(2'000));

ContainerFacts ended(int code, std::string message = {}, std::string reason = "Error") {
  ContainerFacts container;
  container.name = "claude-code";
  container.started_at = kStart;
  container.finished_at = kEnd;
  container.exit_code = code;
  container.terminated_reason = code == 0 ? "Completed" : std::move(reason);
  container.termination_message = std::move(message);
  return container;
}

PodFacts pod_with(ContainerFacts agent, std::string phase = "Running") {
  PodFacts pod;
  pod.name = "t-abcde";
  pod.phase = std::move(phase);
  pod.containers = {std::move(agent)};
  return pod;
}

std::string report_json(bool finished, std::optional<Failure> failure = std::nullopt, int code = 0) {
  Report report;
  report.finished = finished;
  report.outcome.failure = std::move(failure);
  report.exit_code = code;
  report.results.branch = "fix/1";
  report.results.commit = "c0ffee";
  report.usage = Usage{.input_tokens = 7, .output_tokens = 3, .cost_usd = 0.5};
  return to_json(report, contract::kReportLimit);
}

Ended end_of(const PodFacts& pod, std::string_view log = {}) {
  const Stage stage = stage_of(pod, "claude-code", log, kNow);
  EXPECT_TRUE(std::holds_alternative<Ended>(stage));
  return std::holds_alternative<Ended>(stage) ? std::get<Ended>(stage) : Ended{};
}

Reason reason_of(const PodFacts& pod, std::string_view log = {}) {
  const Ended end = end_of(pod, log);
  EXPECT_TRUE(end.failure.has_value());
  return end.failure ? end.failure->reason : Reason::AgentError;
}

TEST(Stage, TakesResultsAndUsageFromTheReport) {
  const Ended end = end_of(pod_with(ended(0, report_json(true))));
  EXPECT_EQ(end.failure, std::nullopt);
  EXPECT_EQ(end.at, kEnd);
  EXPECT_EQ(end.started, kStart);
  EXPECT_EQ(end.results.at("branch"), "fix/1");
  EXPECT_EQ(end.results.at("cost-usd"), "0.5");
  EXPECT_EQ(end.usage->input_tokens, 7);
  EXPECT_FALSE(needs_log(pod_with(ended(0, report_json(true))), "claude-code"));
}

TEST(Stage, BelievesTheReportBeforeTheExitCode) {
  const Failure refused{Reason::Refused, "The model declined."};
  EXPECT_EQ(end_of(pod_with(ended(1, report_json(true, refused, 1)))).failure, refused);
}

TEST(Stage, BelievesNoSuccessOfAContainerThatFailed) {
  EXPECT_EQ(reason_of(pod_with(ended(137, report_json(true), "OOMKilled"))), Reason::OutOfMemory);
  EXPECT_EQ(reason_of(pod_with(ended(137, report_json(true)))), Reason::AgentCrashed);
}

TEST(Stage, KeepsTheResultsOfACheckpointAfterAKill) {
  const PodFacts killed = pod_with(ended(137, report_json(false)), "Failed");
  const Ended end = end_of(killed);
  EXPECT_EQ(end.failure->reason, Reason::AgentCrashed);
  EXPECT_EQ(end.results.at("branch"), "fix/1");
  EXPECT_EQ(end.usage->output_tokens, 3);
  EXPECT_EQ(reason_of(pod_with(ended(137, report_json(false), "OOMKilled"))), Reason::OutOfMemory);
}

TEST(Stage, ReadsTheBlockOfOutputsWhereThereIsNoReport) {
  const PodFacts pod = pod_with(ended(3));
  EXPECT_TRUE(needs_log(pod, "claude-code"));
  const Ended end = end_of(pod,
                           "noise\n---AXON_OUTPUTS_START---\nbranch: b\npr: u1\npr: u2\ninput-tokens: 12\n"
                           "reason: RateLimited\n---AXON_OUTPUTS_END---\n");
  EXPECT_EQ(end.outputs.size(), 5U);
  EXPECT_EQ(end.results.at("pr"), "u2");
  EXPECT_EQ(end.usage->input_tokens, 12);
  EXPECT_EQ(end.failure->reason, Reason::RateLimited);
  EXPECT_EQ(end_of(pod_with(ended(0))).failure, std::nullopt);
}

TEST(Stage, NamesTheExitOfAnImageThatSaysNothing) {
  EXPECT_EQ(reason_of(pod_with(ended(1))), Reason::AgentError);
  EXPECT_EQ(reason_of(pod_with(ended(127))), Reason::AgentNotFound);
  EXPECT_EQ(reason_of(pod_with(ended(139))), Reason::AgentCrashed);
  EXPECT_EQ(reason_of(pod_with(ended(143))), Reason::Cancelled);
  EXPECT_EQ(reason_of(pod_with(ended(128, "exec: no such file", "StartError"))), Reason::AgentNotFound);
}

TEST(Stage, BlamesThePodForWhatHappenedToThePod) {
  const Failure cancelled{Reason::Cancelled, "Stopped."};
  PodFacts pod = pod_with(ended(143, report_json(true, cancelled, 143)), "Failed");
  EXPECT_EQ(reason_of(pod), Reason::Cancelled);
  pod.reason = "DeadlineExceeded";
  EXPECT_EQ(reason_of(pod), Reason::DeadlineExceeded);
  pod.reason.clear();
  pod.disruption_reason = "EvictionByEvictionAPI";
  EXPECT_EQ(reason_of(pod), Reason::Evicted);
  pod.disruption_reason = "DeletionByPodGC";
  EXPECT_EQ(reason_of(pod), Reason::NodeLost);
  // What was done is done, whatever came over the Pod afterwards.
  pod.containers = {ended(0, report_json(true))};
  EXPECT_EQ(end_of(pod).failure, std::nullopt);
}

TEST(Stage, LosesAPodWithItsNode) {
  PodFacts pod;
  pod.phase = "Failed";
  pod.reason = "Evicted";
  pod.message = "The node was low on resource: memory.";
  EXPECT_EQ(end_of(pod).failure,
            (Failure{Reason::Evicted, "The kubelet evicted the Pod: The node was low on resource: memory."}));
  pod.reason = "Strange";
  EXPECT_EQ(reason_of(pod), Reason::NodeLost);
}

TEST(Stage, FailsWithTheInitContainersReason) {
  PodFacts pod;
  pod.phase = "Failed";
  ContainerFacts workspace = ended(65, report_json(true, Failure{Reason::CloneFailed, "No such branch."}, 65));
  workspace.name = "workspace";
  pod.init_containers = {workspace};
  EXPECT_EQ(end_of(pod).failure, (Failure{Reason::CloneFailed, "No such branch."}));
  pod.init_containers[0].termination_message = "something else\nmore";
  EXPECT_EQ(end_of(pod).failure->message, "The init container workspace failed with exit code 65: something else");
}

TEST(Stage, TakesASidecarForWhatItIs) {
  PodFacts pod;
  pod.phase = "Running";
  ContainerFacts proxy = ended(1);
  proxy.name = "proxy";
  proxy.is_sidecar = true;
  pod.init_containers = {proxy};
  EXPECT_EQ(stage_of(pod, "claude-code", "", kNow),
            Stage(Starting{"ConfigInvalid",
                           "container proxy: the sidecar ended with exit code 1 and is started again; the "
                           "agent starts when it runs (its log may say why)"}));
  pod.init_containers[0].exit_code.reset();
  pod.init_containers[0].finished_at.reset();
  EXPECT_EQ(stage_of(pod, "claude-code", "", kNow), Stage(Starting{"Starting", "the Pod is starting"}));
}

TEST(Stage, TellsWhatItWaitsFor) {
  PodFacts pod;
  pod.phase = "Pending";
  EXPECT_EQ(stage_of(pod, "claude-code", "", kNow), Stage(Starting{"Starting", "the Pod is starting"}));
  pod.unschedulable = "0/1 nodes are available: insufficient cpu.";
  EXPECT_EQ(stage_of(pod, "claude-code", "", kNow),
            Stage(Starting{"Unschedulable", "0/1 nodes are available: insufficient cpu."}));
  pod.unschedulable.clear();
  ContainerFacts workspace;
  workspace.name = "workspace";
  workspace.started_at = kStart;
  pod.init_containers = {workspace};
  EXPECT_EQ(std::get<Starting>(stage_of(pod, "claude-code", "", kNow)).reason, "Preparing");
  ContainerFacts agent;
  agent.name = "claude-code";
  agent.waiting_reason = "ImagePullBackOff";
  agent.waiting_message = "Back-off pulling image \"x\"";
  pod.containers = {agent};
  EXPECT_EQ(std::get<Starting>(stage_of(pod, "claude-code", "", kNow)).reason, "ImagePullFailed");
  pod.containers[0].waiting_reason.clear();
  pod.containers[0].started_at = kStart;
  EXPECT_EQ(stage_of(pod, "claude-code", "", kNow), Stage(Running{kStart}));
}

}  // namespace
}  // namespace axon::controller
