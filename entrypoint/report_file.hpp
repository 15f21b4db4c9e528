// Where the report is written. The agent may be the same user: it can forge the file, remove it or put something else
// in its place, but not after it is dead, and none of that must keep the report from being written.
#pragma once

#include <string>

#include "core/launch.hpp"
#include "core/report.hpp"
#include "core/result.hpp"

namespace axon {

class ReportFile {
 public:
  /// The path that the environment names, else the kubelet's. To be made before the agent starts.
  explicit ReportFile(const Environment& env);

  /// Fails where the report was asked for and could not be written; no file at the kubelet's path is no failure.
  Result<void> write(const Report& report) const;

 private:
  std::string path_;
  bool asked_for_ = false;
  bool ours_ = false;  // a file was there or could be made: whatever is there later and is none may be removed
};

}  // namespace axon
