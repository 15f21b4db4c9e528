// A command's connection to a cluster: which one, and its coroutine run to the end.
#pragma once

#include <CLI/CLI.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>

#include "cli/cluster_options.hpp"
#include "cli/config.hpp"
#include "kube/client.hpp"

namespace axon::cli {

/// --kubeconfig and --context; kubectl's words.
void add_cluster_options(CLI::App& command, ClusterOptions& options);

/// Those, --namespace and --config: for a command that works in a namespace.
void add_namespaced_options(CLI::App& command, ClusterOptions& options);

/// Reads the config file, tells its warnings on stderr, and fills in the namespace where no flag has said one. Call it
/// before with_cluster(), whose client then has the namespace as its default_namespace().
Result<UserConfig> read_config(ClusterOptions& options);

/// Runs `work` with a client until it ends. INT and TERM cancel it: the exit code is then 128 + the signal's number.
Result<int> with_cluster(const ClusterOptions& options,
                         const std::function<boost::asio::awaitable<Result<int>>(kube::Client&)>& work);

/// Both, for a command that needs no more of the config file than its namespace.
Result<int> in_namespace(ClusterOptions options,
                         const std::function<boost::asio::awaitable<Result<int>>(kube::Client&)>& work);

}  // namespace axon::cli
