// A child that must not outlive us. In the sandbox bubblewrap sees to it; without one, this program starts itself as a
// step in between that asks the kernel for a TERM at our death, and becomes the child.
#pragma once

#include <string>
#include <vector>

namespace axon::cli {

/// The hidden first argument of that step.
inline constexpr const char* kWithParent = "__with-parent";

/// The argv that runs `argv` so.
std::vector<std::string> with_parent(const std::vector<std::string>& argv);

/// The step itself: `args` is what follows kWithParent. Returns only where the program cannot be started.
int exec_with_parent(char** args);

}  // namespace axon::cli
