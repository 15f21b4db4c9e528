// What one execution may still spend.
#pragma once

#include "controller/template/template.hpp"

namespace axon::templates {

class Budget {
 public:
  explicit Budget(const Limits& limits) : limits_(limits), steps_(limits.steps) {}

  const Limits& limits() const { return limits_; }

  Result<void> spend(std::size_t steps) {
    if (steps > steps_) {
      return fail(Errc::InvalidInput, "the template takes more than " + std::to_string(limits_.steps) + " steps");
    }
    steps_ -= steps;
    return {};
  }

  /// For text that is made, copied or compared.
  Result<void> spend_bytes(std::size_t bytes) { return spend(bytes / 64); }

 private:
  Limits limits_;
  std::size_t steps_;
};

}  // namespace axon::templates
