// Runs work in a child process: it can be ended when it hangs, and its memory goes back to the system.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "core/result.hpp"

namespace axon {

struct ChildLimits {
  std::chrono::seconds stall{0};    // without a sign of life; 0: no limit
  std::chrono::seconds overall{0};  // 0: no limit
};

struct ChildEnd {
  enum class Kind { Answered, Stalled, TimedOut, Interrupted, Died };

  Kind kind = Kind::Died;
  std::string answer;  // Answered
  int signal = 0;      // Interrupted: what arrived here; Died: what ended the child; 0: it exited without an answer
};

/// Calls `work` in a forked child with the descriptor for its Progress; what it returns is the answer, of any length.
/// `show` is given the texts of its progress. The caller must have one thread. TERM and INT are caught meanwhile and
/// end the child with everything in its process group.
ChildEnd run_in_child(const std::function<std::string(int progress)>& work, const ChildLimits& limits,
                      const std::function<void(const std::string& text)>& show);

}  // namespace axon
