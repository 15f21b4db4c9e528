// Agent manifests of arbitrary text: read or refused, never a crash or an exception.
#include "adapters/manifest/manifest.hpp"
#include "core/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 20'000) return 0;
  (void)axon::load_manifest(axon::fuzz::text_of(data, size), "agent.yaml");
  return 0;
}
