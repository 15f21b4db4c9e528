// What the user can do about a cluster that refuses, is not there, or does not know Axon. Pure.
#pragma once

#include <string>

#include "core/result.hpp"

namespace axon::cli {

/// The same error with the advice behind it; any other error as it is. `cluster` names it: `context "c" (https://…)`.
Error with_advice(Error error, const std::string& cluster);

}  // namespace axon::cli
