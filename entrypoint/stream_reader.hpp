// The agent's stream, folded into a Summary as it passes.
#pragma once

#include <memory>
#include <string_view>

#include "adapters/adapter.hpp"
#include "core/summary.hpp"
#include "entrypoint/session.hpp"

namespace axon {

class StreamReader {
 public:
  explicit StreamReader(const Adapter& adapter) : parser_(adapter.make_parser()) {}

  StreamNews read(std::string_view bytes);
  void finish();

  [[nodiscard]] const Summary& summary() const { return summary_; }

 private:
  std::unique_ptr<StreamParser> parser_;
  Summary summary_;
  bool progress_ = false;
};

}  // namespace axon
