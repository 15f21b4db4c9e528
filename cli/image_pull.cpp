#include "cli/image_pull.hpp"

#include <boost/asio/this_coro.hpp>
#include <chrono>

#include "cli/resources.hpp"
#include "cli/state.hpp"
#include "core/contract.hpp"
#include "kube/wakeup.hpp"

namespace axon::cli {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using kube::text_at;
using nlohmann::json;
using Clock = std::chrono::steady_clock;
using Level = Check::Level;

constexpr std::chrono::minutes kPatience{3};
constexpr std::chrono::milliseconds kPause{300};
constexpr int kOwnEndSeconds = 300;  // where this program was killed

Check of_image(const std::string& image, Level level, const std::string& finding, const std::string& advice) {
  return {"image", level, image + ": " + finding, advice};
}

bool is_unscheduled(const json& condition) {
  return text_at(condition, "/type") == "PodScheduled" && text_at(condition, "/status") == "False";
}

/// Between two looks; false: cancelled.
awaitable<bool> pause() {
  co_await kube::sleep_for(kPause);
  co_return !kube::is_cancelled(co_await asio::this_coro::cancellation_state);
}

awaitable<Check> wait_for_node(kube::Client& client, kube::Key pod, std::string image) {
  const auto end = Clock::now() + kPatience;
  std::optional<Check> seen;
  do {
    const Result<json> now = co_await client.get(resource::kPods, pod);
    if (!now) co_return failed_check("image", now.error());
    seen = check_pull(*now, image);
    if (seen && seen->level != Level::Doubtful) co_return *seen;
  } while (Clock::now() < end && co_await pause());
  co_return seen
      ? *seen
      : of_image(image, Level::Doubtful, "not pulled after 3 minutes", "ask again; a large image takes long");
}

}  // namespace

json pull_pod(const std::string& image) {
  return {{"apiVersion", "v1"},
          {"kind", "Pod"},
          {"metadata",
           {{"name", "axon-doctor-" + generated_name()},
            {"labels", {{"app.kubernetes.io/name", "axon"}, {"app.kubernetes.io/component", "doctor"}}}}},
          {"spec",
           {{"restartPolicy", "Never"},
            {"activeDeadlineSeconds", kOwnEndSeconds},
            {"automountServiceAccountToken", false},
            {"enableServiceLinks", false},
            {"securityContext",
             {{"runAsNonRoot", true},
              {"runAsUser", contract::kAgentUid},
              {"seccompProfile", {{"type", "RuntimeDefault"}}}}},
            {"containers",
             {{{"name", "image"},
               {"image", image},
               {"command", {"/.axon-doctor-starts-nothing"}},
               {"securityContext", {{"allowPrivilegeEscalation", false}, {"capabilities", {{"drop", {"ALL"}}}}}}}}}}}};
}

std::optional<Check> check_pull(const json& pod, const std::string& image) {
  const json::json_pointer conditions("/status/conditions");
  const json::json_pointer container("/status/containerStatuses/0");
  if (!pod.contains(container)) {
    if (!pod.contains(conditions)) return std::nullopt;
    for (const json& condition : pod.at(conditions)) {
      if (!is_unscheduled(condition)) continue;
      return of_image(image, Level::Doubtful, "no node takes a Pod: " + text_at(condition, "/message"),
                      "kubectl get nodes");
    }
    return std::nullopt;
  }
  const json& status = pod.at(container);
  const std::string reason = text_at(status, "/state/waiting/reason");
  if (reason == "ErrImagePull" || reason == "ImagePullBackOff" || reason == "InvalidImageName" ||
      reason == "ErrImageNeverPull") {
    return of_image(image, Level::Bad, reason + ": " + text_at(status, "/state/waiting/message"),
                    "look at its name, at the registry, and at imagePullSecrets of the namespace's ServiceAccount");
  }
  const bool is_on_its_way = reason == "ContainerCreating" || reason == "PodInitializing" || !status.contains("state");
  if (is_on_its_way || status["state"].empty()) return std::nullopt;
  return of_image(image, Level::Good, "node " + text_at(pod, "/spec/nodeName") + " has it", "");
}

awaitable<Check> try_pull(kube::Client& client, std::string ns, std::string image) {
  json pod = pull_pod(image);
  pod["metadata"]["namespace"] = ns;
  const kube::Key key{ns, text_at(pod, "/metadata/name")};
  co_await asio::this_coro::throw_if_cancelled(false);
  const Result<json> made = co_await client.create(resource::kPods, std::move(pod));
  Check found = made ? co_await wait_for_node(client, key, std::move(image)) : failed_check("image", made.error());
  // Also where the creation was cancelled: the Pod may be there.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const Result<void> removed = co_await client.remove(resource::kPods, key);
  if (made && !removed && removed.error().code != Errc::NotFound) co_return failed_check("image", removed.error());
  co_return found;
}

}  // namespace axon::cli
