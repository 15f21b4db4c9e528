// What the user asks `axon run` for, as the flags say it.
#pragma once

#include <string>
#include <vector>

#include "cli/cluster_options.hpp"

namespace axon::cli {

struct RunOptions {
  bool local = false;
  std::vector<std::string> files;  // -f
  std::string prompt;              // TEXT, "@FILE" or "-"
  bool has_prompt = false;
  std::string type;
  std::string model;
  std::string name;
  std::string repo;
  std::string ref;
  std::string branch;
  std::string credential_type;
  std::vector<std::string> env;  // NAME=VALUE, or NAME for the caller's own value
  std::string timeout;
  std::string stall;
  std::string grace;
  std::string agents_md;            // TEXT or "@FILE"
  std::vector<std::string> skills;  // NAME=CONTENT or NAME=@FILE
  std::vector<std::string> agents;
  std::vector<std::string> mcp;  // NAME=JSON or NAME=@FILE
  std::string agent_manifest;
  std::string setup;                   // a shell's command line, or a JSON array
  std::string sandbox = "auto";        // auto, bwrap, none
  std::vector<std::string> read_only;  // further paths that the agent may read
  std::string output = "table";        // table, json; on a cluster also yaml, name
  bool dry_run = false;
  std::vector<std::string> depends_on;

  // On a cluster only.
  ClusterOptions cluster;
  std::string secret;
  std::string image;
  std::string workspace;
  std::string agent_config;
  bool watch = false;
  bool yes = false;
};

}  // namespace axon::cli
