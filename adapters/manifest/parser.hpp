// The stream of an agent that is described by a manifest.
#pragma once

#include <memory>

#include "adapters/adapter.hpp"
#include "adapters/manifest/model.hpp"

namespace axon::manifest {

std::unique_ptr<StreamParser> make_parser(std::shared_ptr<const Manifest> manifest);

}  // namespace axon::manifest
