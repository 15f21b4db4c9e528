// The Secret that carries one Task into its Pod: the task directory of the contract, and the values of variables that
// must stand in no Pod spec.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "controller/task/facts.hpp"
#include "controller/task/inputs.hpp"
#include "core/result.hpp"

namespace axon::controller {

/// A key beside the files of the task directory.
inline constexpr std::string_view kSetupCommandKey = "setup-command";

std::string task_secret_name(const std::string& task);

/// {"apiVersion", "kind", "name", "uid", …} of a Task, for what goes with it when it is deleted.
nlohmann::json owner_reference(const TaskFacts& task);

/// Labels of everything that is made for a Task.
nlohmann::json task_labels(const TaskFacts& task);

/// Fails with InvalidInput where it would be larger than a Secret may be; the message says which part takes how much.
Result<nlohmann::json> build_task_secret(const TaskFacts& task, const Inputs& inputs);

}  // namespace axon::controller
