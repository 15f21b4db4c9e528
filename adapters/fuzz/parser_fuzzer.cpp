// Every built-in parser against arbitrary bytes: no crash, and the same number of events however they are cut.
#include <cstdio>
#include <cstdlib>

#include "adapters/adapter.hpp"

namespace {

std::size_t count(const axon::Adapter& adapter, std::string_view bytes, std::size_t cut) {
  std::size_t events = 0;
  const axon::EventSink sink = [&](axon::Event&&) { ++events; };
  const auto parser = adapter.make_parser();
  while (!bytes.empty()) {
    parser->feed(bytes.substr(0, cut), sink);
    bytes.remove_prefix(std::min(cut, bytes.size()));
  }
  parser->finish(sink);
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 20'000) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  for (const axon::Adapter& adapter : axon::builtin_adapters()) {
    if (count(adapter, bytes, bytes.size() + 1) == count(adapter, bytes, 1 + data[0])) continue;
    std::fprintf(stderr, "%s: the events depend on how the bytes are cut\n", adapter.name.c_str());
    std::abort();
  }
  return 0;
}
