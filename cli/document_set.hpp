// The documents of the files given by -f: Tasks and what they refer to.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/documents.hpp"
#include "core/result.hpp"

namespace axon::cli {

struct NamedTask {
  std::string name;  // may be empty: the run gets a generated one
  TaskSpec spec;
  std::string source;  // the file
  nlohmann::json document;
};

struct DocumentSet {
  std::vector<NamedTask> tasks;
  std::map<std::string, WorkspaceSpec> workspaces;
  std::map<std::string, AgentConfigSpec> agent_configs;
  std::map<std::string, SecretSpec> secrets;
  std::vector<nlohmann::json> others;  // the documents of all but the Tasks and TaskSpawners, in their order
  std::vector<std::string> warnings;   // what is in the files and has no use on one machine
  std::vector<std::string> sources;
};

/// Adds the documents of one file. Fails with every problem of it, one a line: "FILE:LINE: FIELD: what is wrong".
Result<void> add_documents(DocumentSet& set, std::string_view text, const std::string& source);

}  // namespace axon::cli
