// Small files: certificates, tokens, kubeconfigs.
#pragma once

#include <string>

#include "core/result.hpp"

namespace axon::kube {

/// The whole file. The error names it.
Result<std::string> read_file(const std::string& path);

}  // namespace axon::kube
