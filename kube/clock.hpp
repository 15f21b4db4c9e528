// The one clock that objects and credentials are held against.
#pragma once

#include <chrono>

#include "core/timestamp.hpp"

namespace axon::kube {

inline Time now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

}  // namespace axon::kube
