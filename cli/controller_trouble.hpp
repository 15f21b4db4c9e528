// What keeps the controller's Pods from being ready.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "kube/client.hpp"

namespace axon::cli {

/// In the words of trouble_of(), of one of them; empty: nothing to tell, or nobody may look. The client outlives this.
boost::asio::awaitable<std::string> controller_trouble(kube::Client& client);

}  // namespace axon::cli
