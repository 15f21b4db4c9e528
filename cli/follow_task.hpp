// Follows a Task in a cluster: what it waits for, the preparation of its workspace, its agent; woken by the API server.
// A log that breaks off is taken up again where it ended.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "adapters/adapter.hpp"
#include "cli/screen.hpp"
#include "kube/client.hpp"

namespace axon::cli {

/// Which part of the logs, and how it is shown.
struct LogView {
  bool follow = false;
  bool raw = false;         // the bytes as they are
  bool timestamps = false;  // each line with the node's time in front
  std::string since_time;   // RFC 3339; empty: from the beginning
  std::optional<std::int64_t> tail_lines;
};

struct Followed {
  nlohmann::json task;  // as it was last seen
  bool pod_was_there = false;
  int containers_read = 0;
};

/// With `view.follow` to the end of the Task, else what there is now. `adapter` reads the agent's stream; null: its
/// lines are passed on as they are. Fails where the Task is not there (any more), or where the cluster refuses the
/// user or cannot be reached for minutes. The client outlives this.
boost::asio::awaitable<Result<Followed>> follow_task(kube::Client& client, kube::Key task, LogView view,
                                                     std::optional<Adapter> adapter, Screen screen);

}  // namespace axon::cli
