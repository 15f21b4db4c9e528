// Runs a helper program to its end and takes what it prints.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/launch.hpp"
#include "core/result.hpp"

namespace axon {

struct HelperProcess {
  std::vector<std::string> argv;  // argv[0] is a path; nothing is looked up
  Environment environment;
  std::chrono::milliseconds timeout{10'000};
  std::size_t max_output = 1U << 20U;
};

/// Its stdout, if it exits with 0; stdin is empty, stderr is dropped. After the time-out it is killed with its process
/// group. Waits for this one child: not while something else in the process waits for all.
Result<std::string> run_helper(const HelperProcess& helper);

}  // namespace axon
