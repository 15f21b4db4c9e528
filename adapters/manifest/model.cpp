#include "adapters/manifest/model.hpp"

#include <algorithm>

#include "adapters/manifest/text.hpp"

namespace axon::manifest {

bool mentions(const Manifest& manifest, const std::string& placeholder) {
  const auto has = [&](const std::string& word) { return placeholders(word).contains(placeholder); };
  return std::ranges::any_of(manifest.command, [&](const Arguments& a) { return std::ranges::any_of(a.words, has); }) ||
         std::ranges::any_of(manifest.env, [&](const auto& variable) { return has(variable.second); });
}

}  // namespace axon::manifest
