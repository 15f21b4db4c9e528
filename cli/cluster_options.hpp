// Which cluster, and where in it, as the flags say it.
#pragma once

#include <string>

namespace axon::cli {

struct ClusterOptions {
  std::string kubeconfig;
  std::string context;
  std::string ns;      // empty: the config file's, else the context's
  std::string config;  // --config
};

}  // namespace axon::cli
