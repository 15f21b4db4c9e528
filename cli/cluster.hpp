// A command's connection to a cluster: which one, and its coroutine run to the end.
#pragma once

#include <CLI/CLI.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "kube/client.hpp"

namespace axon::cli {

struct ClusterOptions {
  std::string kubeconfig;
  std::string context;
  std::string ns;
};

/// --kubeconfig and --context; kubectl's words.
void add_cluster_options(CLI::App& command, ClusterOptions& options);

/// Runs `work` with a client until it ends. INT and TERM cancel it: the exit code is then 128 + the signal's number.
Result<int> with_cluster(const ClusterOptions& options,
                         const std::function<boost::asio::awaitable<Result<int>>(kube::Client&)>& work);

}  // namespace axon::cli
