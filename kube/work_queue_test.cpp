#include "kube/work_queue.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace axon::kube {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::milliseconds;

/// Reconciles slowly, fails as often as it is told to, and stops everything after so many runs.
class Subject {
 public:
  explicit Subject(int runs) : left_(runs) {}

  awaitable<Result<WorkQueue::LookAgain>> reconcile(Key key) {
    most_at_once = std::max(most_at_once, ++at_once_);
    const bool is_alone = busy_.insert(key).second;
    co_await sleep_for(milliseconds(5));
    if (is_alone) busy_.erase(key);
    ran_together = ran_together || !is_alone;
    --at_once_;
    done.push_back(key.name);
    if (--left_ == 0) io.stop();
    if (failures_left-- > 0) co_return fail(Errc::Unavailable, "not now");
    co_return again;
  }

  void run(const std::vector<Key>& keys, int workers) {
    WorkQueue queue(
        io.get_executor(), [this](Key key) { return reconcile(std::move(key)); },
        [this](const Key&, const Error&) { ++troubles; });
    asio::co_spawn(io, queue.run(workers), [](const std::exception_ptr&) {});
    for (const Key& key : keys) queue.add(key);
    io.run();
  }

  asio::io_context io;
  std::vector<std::string> done;
  std::optional<milliseconds> again;
  int failures_left = 0;
  int most_at_once = 0;
  int troubles = 0;
  bool ran_together = false;

 private:
  int left_;
  int at_once_ = 0;
  std::set<Key> busy_;
};

TEST(WorkQueue, WorksOnSeveralKeysAtOnce) {
  Subject subject(6);
  subject.run({{"", "a"}, {"", "b"}, {"", "c"}, {"", "a"}, {"", "d"}, {"", "e"}, {"", "f"}}, 3);
  EXPECT_EQ(subject.most_at_once, 3);
  EXPECT_EQ(std::set(subject.done.begin(), subject.done.end()).size(), 6U);
}

TEST(WorkQueue, TriesAgainUntilItSucceeds) {
  Subject subject(4);
  subject.failures_left = 3;
  subject.run({{"", "a"}}, 2);
  EXPECT_EQ(subject.troubles, 3);
  EXPECT_EQ(subject.done, std::vector<std::string>(4, "a"));
  EXPECT_FALSE(subject.ran_together);
}

TEST(WorkQueue, LooksAgainWhenItIsAskedTo) {
  Subject subject(3);
  subject.again = milliseconds(1);
  subject.run({{"", "a"}}, 2);
  EXPECT_EQ(subject.done, std::vector<std::string>(3, "a"));
}

}  // namespace
}  // namespace axon::kube
