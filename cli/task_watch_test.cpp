#include "cli/task_watch.hpp"

#include <gtest/gtest.h>

namespace axon::cli {
namespace {

using nlohmann::json;
using State = SeenContainer::State;

SeenTask task_in(const std::string& phase) {
  return see_task({{"metadata", {{"name", "t"}}}, {"spec", {{"type", "codex"}}}, {"status", {{"phase", phase}}}});
}

SeenPod pod_with(State preparation, State agent) {
  SeenPod pod;
  pod.containers = {{"workspace", true, preparation}, {"codex", false, agent}};
  return pod;
}

NextLog reads(const SeenPod& pod, std::size_t container) { return ReadLog{pod.containers[container]}; }

TEST(SeeTask, TellsWhatItWaitsFor) {
  const json task = json::parse(R"({"metadata": {"name": "t"}, "spec": {"type": "codex"}, "status": {
    "phase": "Pending", "message": "Secret \"s\" is missing", "observedGeneration": 1, "conditions": [
      {"type": "Accepted", "status": "False", "reason": "SecretNotFound", "message": "Secret \"s\" is missing"}]}})");
  EXPECT_EQ(see_task(task),
            (SeenTask{"t", "codex", "Pending", "SecretNotFound: Secret \"s\" is missing", false, true}));
}

TEST(SeeTask, TellsOfATroubleButNotOfAStart) {
  json task = json::parse(R"({"status": {"phase": "Pending", "conditions": [
    {"type": "Accepted", "status": "True", "reason": "Accepted", "message": "x"},
    {"type": "Ready", "status": "False", "reason": "ImagePullFailed", "message": "no such image"}]}})");
  EXPECT_EQ(see_task(task).note, "ImagePullFailed: no such image");
  task["status"]["conditions"][1]["reason"] = "Starting";
  EXPECT_EQ(see_task(task).note, "");
}

TEST(SeeTask, TellsOfItsTurn) {
  const json task = json::parse(R"({"status": {"phase": "Waiting", "message": "waits", "conditions": [
    {"type": "Accepted", "status": "True", "reason": "Accepted", "message": "x"},
    {"type": "Ready", "status": "False", "reason": "BranchBusy", "message": "waits"}]}})");
  EXPECT_EQ(see_task(task).note, "BranchBusy: waits");
}

TEST(SeeTask, AnEndIsNoNote) {
  const json task = json::parse(R"({"status": {"phase": "Failed", "message": "m", "conditions": [
    {"type": "Ready", "status": "False", "reason": "AgentError", "message": "m"}]}})");
  EXPECT_TRUE(see_task(task).has_ended);
  EXPECT_EQ(see_task(task).note, "");
}

TEST(SeePod, HasThePreparationThenTheAgentAndNoSidecar) {
  const json pod = json::parse(R"({"metadata": {"name": "p", "uid": "u"}, "spec": {"nodeName": "n",
    "initContainers": [{"name": "proxy", "restartPolicy": "Always"}, {"name": "workspace"}],
    "containers": [{"name": "codex"}, {"name": "helper"}]},
    "status": {"phase": "Running",
      "initContainerStatuses": [{"name": "workspace", "state": {"terminated": {"exitCode": 0}}}],
      "containerStatuses": [{"name": "codex", "state": {"running": {}}}, {"name": "helper", "state": {"running": {}}}]}})");
  SeenPod expected{"p", "u", "n", false, {{"workspace", true, State::Ended}, {"codex", false, State::Running}}};
  EXPECT_EQ(see_pod(pod, "codex"), expected);
}

TEST(NextLog, IsReadInTheOrderInWhichContainersRun) {
  const SeenTask task = task_in("Pending");
  SeenPod pod = pod_with(State::Waiting, State::Waiting);
  EXPECT_EQ(next_log(task, std::nullopt, {}), NextLog(WaitForMore{}));
  EXPECT_EQ(next_log(task, pod, {}), NextLog(WaitForMore{}));
  pod = pod_with(State::Running, State::Waiting);
  EXPECT_EQ(next_log(task, pod, {}), reads(pod, 0));
  EXPECT_EQ(next_log(task, pod, {"workspace"}), NextLog(WaitForMore{}));
  pod = pod_with(State::Ended, State::Running);
  EXPECT_EQ(next_log(task, pod, {"workspace"}), reads(pod, 1));
  EXPECT_EQ(next_log(task, pod, {"workspace", "codex"}), NextLog(WaitForMore{}));
  EXPECT_EQ(next_log(task_in("Succeeded"), pod, {"workspace", "codex"}), NextLog(NothingMore{}));
}

TEST(NextLog, OfAnEndedTaskDoesNotWaitForWhatNeverRan) {
  const SeenTask task = task_in("Failed");
  EXPECT_EQ(next_log(task, std::nullopt, {}), NextLog(NothingMore{}));
  const SeenPod pod = pod_with(State::Ended, State::Waiting);
  EXPECT_EQ(next_log(task, pod, {}), reads(pod, 0));
  EXPECT_EQ(next_log(task, pod, {"workspace"}), NextLog(NothingMore{}));
}

TEST(IsOver, WhereTheContainerThePodOrAllOfItHasEnded) {
  SeenPod pod = pod_with(State::Ended, State::Running);
  EXPECT_TRUE(is_over(pod, "workspace"));
  EXPECT_FALSE(is_over(pod, "codex"));
  pod.has_ended = true;
  EXPECT_TRUE(is_over(pod, "codex"));
  EXPECT_TRUE(is_over(std::nullopt, "codex"));
}

}  // namespace
}  // namespace axon::cli
