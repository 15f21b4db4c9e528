// axon get --watch: a table, then a line for every change.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "cli/server_table.hpp"
#include "kube/client.hpp"

namespace axon::cli {

/// Until it is cancelled. A connection that breaks off is taken up again, without a change that is shown twice.
boost::asio::awaitable<Result<int>> watch_table(kube::Client& client, const Kind& kind, std::string ns,
                                                std::string name, std::string selector, TableView view);

}  // namespace axon::cli
