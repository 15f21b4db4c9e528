// Whether a node can pull an image, tried by a Pod that starts nothing of it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/doctor_checks.hpp"

namespace axon::cli {

/// It keeps to the `restricted` Pod Security level, has no token of a ServiceAccount, and ends by itself. The node
/// pulls the image as it would for a Task; its command is one that no image has.
nlohmann::json pull_pod(const std::string& image);

/// What the Pod tells by now; empty: nothing yet.
std::optional<Check> check_pull(const nlohmann::json& pod, const std::string& image);

/// Makes the Pod in `ns`, waits for the node's word, and removes it in any case, also where the caller is cancelled.
boost::asio::awaitable<Check> try_pull(kube::Client& client, std::string ns, std::string image);

}  // namespace axon::cli
