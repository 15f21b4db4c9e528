// Brings an object of a cluster to what is wanted, and takes nothing away from anybody without asking.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "kube/client.hpp"

namespace axon::cli {

struct EnsureOptions {
  bool yes = false;         // overwrite without asking
  int descriptor = 2;       // where "workspace/shop created" and "… changed" go
  bool tells_same = false;  // also "… unchanged"
  std::string if_refused;   // ends the sentence of who says no: "; no Task was made"
};

/// "secret/axon-credentials".
std::string name_of(const nlohmann::json& object);

/// A Secret, Workspace or AgentConfig with its namespace; a null in it means that the field must not be there. Makes
/// it, or changes what differs; asks before anything is replaced that was there, but a further key of a Secret replaces
/// nothing.
boost::asio::awaitable<Result<void>> ensure(kube::Client& client, nlohmann::json wanted, EnsureOptions options);

}  // namespace axon::cli
