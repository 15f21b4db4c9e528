// What a person can do about a Task that has failed or waits. docs/reference.md has the same at more length. Pure.
#pragma once

#include <string>

#include "core/task_status.hpp"

namespace axon::cli {

/// One sentence, "" where there is none to give. `task` is the Task's name, for commands to copy.
std::string hint_for(const TaskStatus& status, const std::string& task);

}  // namespace axon::cli
