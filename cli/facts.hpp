// What a person wants to know of a Task, as label and value. Pure.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "cli/state.hpp"
#include "cli/text.hpp"

namespace axon::cli {

using Facts = std::vector<std::pair<std::string, std::string>>;

/// The table at the end of a run, and of `axon get task NAME`.
Facts task_facts(const StoredTask& task, std::chrono::sys_seconds now, const Style& style);

/// The list of `axon get tasks`, with its heading.
std::vector<Row> task_rows(const std::vector<StoredTask>& tasks, std::chrono::sys_seconds now);

}  // namespace axon::cli
