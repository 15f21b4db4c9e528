// The documents that `axon install` applies, as they were when this program was built: crds/ and controller/manifests/.
#pragma once

#include <span>
#include <string_view>

namespace axon::cli {

struct Manifest {
  std::string_view name;  // "crds/tasks.yaml"
  std::string_view text;  // YAML
};

/// In the order in which they are applied: custom resources first.
std::span<const Manifest> manifests();

}  // namespace axon::cli
