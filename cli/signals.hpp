// INT, TERM and HUP as something to poll: the first asks to stop in order, further ones to hurry.
#pragma once

#include "cli/files.hpp"

namespace axon::cli {

/// Blocks the three signals for this process from here on; a child starts with none blocked. HUP stays ignored where
/// it was (nohup). SIGPIPE is ignored.
class StopSignals {
 public:
  StopSignals();

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

  /// Reads what has arrived; the number of stop signals so far.
  int take();

  [[nodiscard]] int count() const { return count_; }

 private:
  Descriptor descriptor_;
  int count_ = 0;
};

}  // namespace axon::cli
