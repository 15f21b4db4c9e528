// Asks a cluster for what stands on a Task's page.
#pragma once

#include "cli/task_page.hpp"
#include "kube/client.hpp"

namespace axon::cli {

/// Fails only where the Task itself cannot be read: without the right to see Events, the page has none.
boost::asio::awaitable<Result<TaskPage>> find_task_page(kube::Client& client, kube::Key task);

}  // namespace axon::cli
