// A program's connection to a cluster: its client, and one coroutine run to the end.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>

#include "kube/client.hpp"

namespace axon::kube {

/// Runs `work` on this thread until it has ended, with a client of the cluster that `options` and `environment` name;
/// what is still under way then is dropped. What `work` throws is thrown on.
template <class T>
Result<T> with_client(const ConfigOptions& options, const Environment& environment,
                      const std::function<boost::asio::awaitable<Result<T>>(Client& client)>& work) {
  Result<Config> config = load_config(options, environment);
  if (!config) return std::unexpected(config.error());
  boost::asio::io_context context(1);
  Result<Client> client = Client::make(context.get_executor(), *std::move(config), environment);
  if (!client) return std::unexpected(client.error());
  std::optional<Result<T>> result;
  std::exception_ptr bug;
  boost::asio::co_spawn(context, work(*client), [&](std::exception_ptr thrown, Result<T> ended) {
    bug = std::move(thrown);
    result = std::move(ended);
    context.stop();
  });
  context.run();
  if (bug) std::rethrow_exception(bug);
  return *std::move(result);
}

}  // namespace axon::kube
