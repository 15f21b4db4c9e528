// Everything that must be known before a run on this machine starts: read, found and checked, nothing written.
#pragma once

#include <string>
#include <vector>

#include "adapters/adapter.hpp"
#include "cli/layout.hpp"
#include "cli/local_status.hpp"
#include "cli/run_options.hpp"
#include "cli/state.hpp"

namespace axon::cli {

struct RunSetup {
  RunParts parts;  // its paths and name are those of the Task once it is made
  LocalSpec spec;
  Adapter adapter;
  std::string manifest_text;  // empty for a built-in type
  Environment caller;
  std::vector<std::string> notes;  // for people, before the run
};

/// This machine's files and variables, and what was run on it. `caller` outlives it.
World real_world(const Environment& caller);

/// Those of -f.
Result<DocumentSet> read_documents(const RunOptions& options);

Result<RunSetup> set_up(const RunOptions& given);

/// Puts in the name and paths of the Task that was made.
void adopt(RunSetup& setup, const OwnTask& task);

/// What would run: no value of a credential, header or variable is in it. `output` is "table" or "json".
std::string describe_dry_run(const RunSetup& setup, const std::string& output);

}  // namespace axon::cli
