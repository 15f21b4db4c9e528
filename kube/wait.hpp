// Waits for what another does to an object.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>

#include "kube/client.hpp"

namespace axon::kube {

/// Whether the object is as it is waited for; nothing: it is not there.
using Condition = std::function<bool(const std::optional<Json>& object)>;

/// Until the condition holds, woken by the API server. Ends early only with a failure or when it is cancelled. The
/// client outlives this.
boost::asio::awaitable<Result<void>> wait_for(Client& client, Resource resource, Key key, Condition condition);

}  // namespace axon::kube
