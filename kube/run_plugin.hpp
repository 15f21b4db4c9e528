// Runs a credential plugin without stopping the event loop.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "kube/kubeconfig.hpp"

namespace axon::kube {

/// What it printed. Its stderr is ours; it has our terminal where there is one. It is killed when the coroutine is
/// cancelled. Fails where it cannot be started (with the install hint), ends with a failure, or prints over 1 MiB.
boost::asio::awaitable<Result<std::string>> run_plugin(ExecPlugin plugin, Environment environment, std::string info);

/// stdin is a terminal.
bool has_terminal();

}  // namespace axon::kube
