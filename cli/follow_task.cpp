#include "cli/follow_task.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <random>
#include <utility>

#include "cli/container_log.hpp"
#include "cli/resources.hpp"
#include "cli/task_watch.hpp"
#include "core/documents.hpp"
#include "kube/informer.hpp"
#include "kube/status.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr kube::Backoff kAgain{.first = std::chrono::milliseconds(100), .most = std::chrono::milliseconds(5'000)};
constexpr std::chrono::minutes kPatience{5};        // with a cluster that cannot be reached
constexpr std::chrono::seconds kLull{60};           // without trouble: it was over
constexpr std::chrono::seconds kLookedAtWithin{3};  // a controller that runs takes less

constexpr std::chrono::seconds kLasting{5};  // a connection that held so long is no failure
constexpr int kFewAttempts = 3;

/// Attempts in a row that brought nothing.
struct Trouble {
  int failures = 0;
  Clock::time_point since = Clock::now();
};

bool is_refusal(const Error& error) { return error.code == Errc::PermissionDenied || error.code == Errc::Unauthorized; }

class Follower {
 public:
  Follower(kube::Client& client, kube::Key key, LogView view, std::optional<Adapter> adapter, Screen screen)
      : client_(client),
        key_(std::move(key)),
        view_(std::move(view)),
        adapter_(std::move(adapter)),
        screen_(screen),
        changed_(client.executor()) {}

  awaitable<Result<Followed>> look_once() {
    const Result<json> task = co_await client_.get(resource::kTasks, key_);
    if (!task) co_return std::unexpected(task.error());
    take_task(*task);
    if (const Result<void> listed = co_await list_pods(); !listed) co_return std::unexpected(listed.error());
    co_return result(co_await read_logs());
  }

  awaitable<Result<Followed>> follow() {
    using namespace boost::asio::experimental::awaitable_operators;
    kube::ListOptions only;
    only.ns = key_.ns;
    only.field_selector = "metadata.name=" + key_.name;
    kube::Informer tasks =
        watch(resource::kTasks, only, [this](const json& task) { take_task(task); }, [this] { task_is_gone_ = true; });
    kube::Informer pod =
        watch(resource::kPods, pods(), [this](const json& one) { take_pod(one); }, [this] { lose_pod(); });
    auto ended = co_await (tasks.run() || pod.run() || follow_logs(tasks, pod));
    co_return result(std::get<2>(std::move(ended)));
  }

 private:
  [[nodiscard]] kube::ListOptions pods() const {
    kube::ListOptions which;
    which.ns = key_.ns;
    which.label_selector = std::string(kTaskLabel) + "=" + key_.name;
    return which;
  }

  awaitable<Result<void>> list_pods() {
    const auto take = [this](const json& pod) {
      take_pod(pod);
      return Result<void>{};
    };
    const Result<std::string> listed = co_await client_.list(resource::kPods, pods(), take, [] {});
    if (!listed) co_return std::unexpected(listed.error());
    co_return Result<void>{};
  }

  kube::Informer watch(kube::Resource what, kube::ListOptions which, std::function<void(const json&)> take,
                       std::function<void()> lose) {
    const auto handle = [this, take = std::move(take), lose = std::move(lose)](const kube::Change& change) {
      change.kind == kube::Change::Kind::Deleted ? lose() : take(change.after->json());
      changed_.notify();
    };
    return {client_, {std::move(what), std::move(which), {}, {}}, handle, [this](const Error& error) { bear(error); }};
  }

  /// Whoever may not look will not be allowed to by waiting; a cluster that is away may come back.
  void bear(const Error& error) {
    const auto now = Clock::now();
    if (!trouble_since_ || now - last_trouble_ > kLull) trouble_since_ = now;
    last_trouble_ = now;
    if (is_refusal(error) || now - *trouble_since_ > kPatience) fatal_ = error;
    changed_.notify();
  }

  void take_task(const json& task) {
    task_json_ = task;
    task_ = see_task(task);
    if (!pod_json_.is_null()) pod_ = see_pod(pod_json_, task_.type);  // it may have come before its Task
    // Each once: an image that cannot be pulled has two messages that take turns for as long as it lasts.
    if (task_.note.empty() || !told_notes_.insert(task_.note).second) return;
    tell(task_.phase == "Waiting" ? "waiting" : "pending", task_.note);
  }

  /// A Task has one Pod; where somebody has made it a second one, the newest counts.
  void take_pod(const json& pod) {
    SeenPod seen = see_pod(pod, task_.type);
    if (pod_ && pod_->uid != seen.uid) read_.clear();
    if (view_.follow && !seen.has_ended && !seen.node.empty() && told_of_pod_ != seen.uid) {
      told_of_pod_ = seen.uid;
      tell("pod", seen.name + " on node " + seen.node);
    }
    pod_ = std::move(seen);
    pod_json_ = pod;
    pod_was_there_ = true;
  }

  void lose_pod() {
    pod_.reset();
    pod_json_ = nullptr;
  }

  void tell(std::string_view tag, const std::string& text) const {
    write_line(screen_.info, terminal_style(screen_.info).dim("[" + std::string(tag) + "]") + " " + printable(text));
  }

  awaitable<Result<void>> follow_logs(kube::Informer& tasks, kube::Informer& pods) {
    while (!fatal_ && !(tasks.has_synced() && pods.has_synced())) co_await changed_.wait_until(soon());
    if (!fatal_ && task_.name.empty()) co_return fail(Errc::NotFound, "there is no Task \"" + key_.name + "\"");
    co_return co_await read_logs();
  }

  awaitable<Result<void>> read_logs() {
    for (;;) {
      if (fatal_) co_return std::unexpected(*fatal_);
      const NextLog next = next_log(task_, pod_, read_);
      if (const auto* log = std::get_if<ReadLog>(&next)) {
        const SeenContainer container = log->container;
        read_.insert(container.name);
        if (container.is_preparation && is_tail_of_agent()) continue;
        if (auto done = co_await read_log(container); !done) co_return done;
        continue;
      }
      if (!view_.follow) co_return Result<void>{};
      if (std::holds_alternative<NothingMore>(next)) {
        if (std::exchange(has_looked_again_, true) || (pod_ && pod_->has_ended)) co_return Result<void>{};
        // The end of the Task may be heard before that its agent has begun: they are two watches.
        if (const auto listed = co_await list_pods(); !listed) tell("log", listed.error().message);
        continue;
      }
      if (task_is_gone_) co_return fail(Errc::NotFound, "Task \"" + key_.name + "\" was deleted");
      co_await wait_for_change();
    }
  }

  /// The last lines are wanted, and the agent has some.
  [[nodiscard]] bool is_tail_of_agent() const {
    return view_.tail_lines && !pod_->containers.empty() &&
           pod_->containers.back().state != SeenContainer::State::Waiting;
  }

  awaitable<void> wait_for_change() {
    if (pod_ || task_.was_looked_at || has_hinted_) co_return co_await changed_.wait();
    const auto enough = begun_ + kLookedAtWithin;
    co_await changed_.wait_until(enough);
    if (Clock::now() < enough || pod_ || task_.was_looked_at) co_return;
    has_hinted_ = true;
    tell("pending", "nobody has begun with the Task yet; axon doctor looks whether the controller runs");
  }

  static Clock::time_point soon() { return Clock::now() + std::chrono::seconds(1); }

  /// To the end of the container, over as many connections as that takes.
  awaitable<Result<void>> read_log(SeenContainer container) {
    ContainerLog log(container.is_preparation || !adapter_ ? nullptr : &*adapter_, screen_, container.is_preparation,
                     view_.raw, view_.timestamps);
    ++containers_read_;
    Result<void> done = co_await read_log(container.name, log.cursor());
    log.finish();
    co_return done;
  }

  awaitable<Result<void>> read_log(std::string container, LogCursor& cursor) {
    const kube::Key pod{key_.ns, pod_->name};
    Trouble trouble;
    for (;;) {
      const bool is_whole = !view_.follow || is_over(pod_, container);  // then its end is the end
      const auto begun = Clock::now();
      bool was_heard = false;
      const http::BodySink take = [&](std::string_view bytes) {
        was_heard = true;
        cursor.feed(bytes);
        return Result<void>{};
      };
      const Result<void> ended = co_await client_.logs(pod, log_options(container, cursor), take);
      const bool is_interrupted = kube::is_cancelled(co_await boost::asio::this_coro::cancellation_state);
      if (is_interrupted) co_return Result<void>{};  // by Ctrl-C: nothing has broken off
      if (cursor.has_gap()) tell("log", "some lines are lost here: the node keeps only the newest part of a long log");
      cursor.reconnect();
      if (ended && is_whole) co_return Result<void>{};
      if (was_heard || Clock::now() - begun > kLasting) trouble = {};
      if (!ended && !is_worth_another(ended.error(), trouble)) co_return give_up(ended.error());
      if (!ended && was_heard) tell("log", "the connection broke off; going on from there");
      co_await changed_.wait_until(Clock::now() + kube::backoff(kAgain, ++trouble.failures, 0));
    }
  }

  [[nodiscard]] bool is_worth_another(const Error& error, const Trouble& trouble) const {
    if (is_refusal(error) || is_without_log(error)) return false;
    return view_.follow && !task_.has_ended ? Clock::now() - trouble.since < kPatience
                                            : trouble.failures < kFewAttempts;
  }

  /// Of a Task that is known to have ended, its end counts more than the rest of its log.
  Result<void> give_up(const Error& error) const {
    if (!is_without_log(error) && !(view_.follow && task_.has_ended)) return std::unexpected(error);
    tell("log", error.message);
    return {};
  }

  [[nodiscard]] kube::LogOptions log_options(const std::string& container, const LogCursor& cursor) const {
    kube::LogOptions options;
    options.container = container;
    options.follow = view_.follow;
    options.timestamps = true;
    options.since_time = cursor.since();
    if (options.since_time.empty()) {
      options.since_time = view_.since_time;
      options.tail_lines = view_.tail_lines;
    }
    return options;
  }

  /// The Pod has gone meanwhile, or the container never ran.
  [[nodiscard]] static bool is_without_log(const Error& error) {
    return error.code == Errc::NotFound || error.code == Errc::InvalidInput;
  }

  Result<Followed> result(Result<void> read) {
    if (!read) return std::unexpected(std::move(read).error());
    return Followed{std::move(task_json_), pod_was_there_, containers_read_};
  }

  kube::Client& client_;
  kube::Key key_;
  LogView view_;
  std::optional<Adapter> adapter_;
  Screen screen_;
  kube::Wakeup changed_;
  Clock::time_point begun_ = Clock::now();

  json task_json_;
  json pod_json_;
  SeenTask task_;
  std::optional<SeenPod> pod_;
  bool task_is_gone_ = false;
  bool pod_was_there_ = false;
  std::set<std::string> read_;  // containers
  int containers_read_ = 0;
  std::set<std::string> told_notes_;
  std::string told_of_pod_;
  bool has_hinted_ = false;
  bool has_looked_again_ = false;
  std::optional<Error> fatal_;
  std::optional<Clock::time_point> trouble_since_;
  Clock::time_point last_trouble_{};
};

}  // namespace

awaitable<Result<Followed>> follow_task(kube::Client& client, kube::Key task, LogView view,
                                        std::optional<Adapter> adapter, Screen screen) {
  const bool follows = view.follow;
  Follower follower(client, std::move(task), std::move(view), std::move(adapter), screen);
  if (follows) co_return co_await follower.follow();
  co_return co_await follower.look_once();
}

}  // namespace axon::cli
