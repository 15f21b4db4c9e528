// What Prometheus reads. docs/reference.md says what each metric means. Pure: text in the exposition format.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/usage.hpp"

namespace axon::controller {

class Metrics {
 public:
  void count_created(const std::string& ns, const std::string& type);

  /// `took` is the run of the agent's container, empty where it never ran.
  void count_completed(const std::string& ns, const std::string& type, const std::string& phase,
                       std::optional<std::chrono::seconds> took, const std::optional<Usage>& usage);
  void count_error(const std::string& controller);

  /// A count that is kept elsewhere, as it stands when somebody asks.
  void set_total(const std::string& name, double value);

  [[nodiscard]] std::string text() const;

 private:
  using Labels = std::vector<std::pair<std::string, std::string>>;

  struct Histogram {
    std::vector<std::uint64_t> counts;  // of each bound, and of what is above the last
    double sum = 0;
    std::uint64_t count = 0;
  };

  void add(const std::string& name, const Labels& labels, double value);

  std::map<std::string, std::map<std::string, double>> counters_;  // name, labels -> value
  std::map<std::string, Histogram> durations_;                     // labels ->
  std::map<std::string, double> totals_;
};

}  // namespace axon::controller
