// `axon-controller manager`: reconciles until it is told to stop, or no longer leads.
#pragma once

#include <string>

#include "controller/task/inputs.hpp"
#include "core/launch.hpp"
#include "core/result.hpp"

namespace axon::controller {

struct ManagerOptions {
  Settings settings;
  std::string kubeconfig;       // empty: KUBECONFIG, ~/.kube/config, then the Pod's own
  std::string watch_namespace;  // empty: all
  bool leader_elect = false;
  std::string leader_namespace = "axon-system";
  std::string metrics_address = ":8080";  // "0": none
  std::string health_address = ":8081";   // "0": none
  int workers = 16;                       // reconciliations at a time: they wait for the API server, not for the CPU
};

/// Empty when it was told to stop.
Result<void> run_manager(const ManagerOptions& options, const Environment& environment);

}  // namespace axon::controller
