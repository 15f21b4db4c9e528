#include "controller/metrics.hpp"

#include <array>
#include <cstdio>

namespace axon::controller {
namespace {

constexpr std::array<double, 10> kBounds = {10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200};  // seconds
constexpr const char* kDuration = "axon_task_duration_seconds";

struct Help {
  const char* name;
  const char* type;
  const char* text;
};

constexpr std::array<Help, 7> kCounters = {{
    {"axon_task_created_total", "counter", "Tasks for which a Job was created."},
    {"axon_task_completed_total", "counter", "Tasks that have ended, by phase."},
    {"axon_task_cost_usd_total", "counter", "Cost of the Tasks that have ended, as their agents say it."},
    {"axon_task_input_tokens_total", "counter", "Input tokens of the Tasks that have ended, cache included."},
    {"axon_task_output_tokens_total", "counter", "Output tokens of the Tasks that have ended, reasoning included."},
    {"axon_reconcile_errors_total", "counter", "Reconciliations that failed and are tried again."},
    {"axon_api_requests_total", "counter", "Requests to the API server."},
}};

std::string escaped(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text;
}

std::string number(double value) {
  std::array<char, 40> text{};
  const int size = std::snprintf(text.data(), text.size(), "%.10g", value);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string head(const char* name, const char* type, const char* help) {
  return std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
}

std::string line(const std::string& name, const std::string& labels, const std::string& value) {
  return name + (labels.empty() ? "" : "{" + labels + "}") + " " + value + "\n";
}

std::string label_text(const std::vector<std::pair<std::string, std::string>>& labels) {
  std::string text;
  for (const auto& [key, value] : labels) text += (text.empty() ? "" : ",") + key + "=\"" + escaped(value) + "\"";
  return text;
}

}  // namespace

void Metrics::add(const std::string& name, const Labels& labels, double value) {
  counters_[name][label_text(labels)] += value;
}

void Metrics::count_created(const std::string& ns, const std::string& type) {
  add("axon_task_created_total", {{"namespace", ns}, {"type", type}}, 1);
}

void Metrics::count_completed(const std::string& ns, const std::string& type, const std::string& phase,
                              std::optional<std::chrono::seconds> took, const std::optional<Usage>& usage) {
  const Labels who = {{"namespace", ns}, {"type", type}};
  add("axon_task_completed_total", {{"namespace", ns}, {"type", type}, {"phase", phase}}, 1);
  if (usage) {
    add("axon_task_input_tokens_total", who, static_cast<double>(usage->input_tokens));
    add("axon_task_output_tokens_total", who, static_cast<double>(usage->output_tokens));
    if (usage->cost_usd) add("axon_task_cost_usd_total", who, *usage->cost_usd);
  }
  if (!took) return;
  Histogram& histogram = durations_[label_text({{"namespace", ns}, {"type", type}, {"phase", phase}})];
  histogram.counts.resize(kBounds.size() + 1);
  const auto seconds = static_cast<double>(took->count());
  std::size_t bucket = 0;
  while (bucket < kBounds.size() && seconds > kBounds[bucket]) ++bucket;
  ++histogram.counts[bucket];
  histogram.sum += seconds;
  ++histogram.count;
}

void Metrics::count_error(const std::string& controller) {
  add("axon_reconcile_errors_total", {{"controller", controller}}, 1);
}

void Metrics::set_total(const std::string& name, double value) { totals_[name] = value; }

std::string Metrics::text() const {
  std::string text;
  for (const Help& help : kCounters) {
    const auto found = counters_.find(help.name);
    const auto total_of = totals_.find(help.name);
    if (found == counters_.end() && total_of == totals_.end()) continue;
    text += head(help.name, help.type, help.text);
    if (total_of != totals_.end()) text += line(help.name, "", number(total_of->second));
    if (found == counters_.end()) continue;
    for (const auto& [labels, value] : found->second) text += line(help.name, labels, number(value));
  }
  if (!durations_.empty()) text += head(kDuration, "histogram", "How long the agents of ended Tasks ran.");
  for (const auto& [labels, histogram] : durations_) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
      total += histogram.counts[i];
      const std::string bound = i < kBounds.size() ? number(kBounds[i]) : "+Inf";
      text += line(std::string(kDuration) + "_bucket", labels + ",le=\"" + bound + "\"", std::to_string(total));
    }
    text += line(std::string(kDuration) + "_sum", labels, number(histogram.sum));
    text += line(std::string(kDuration) + "_count", labels, std::to_string(histogram.count));
  }
  return text;
}

}  // namespace axon::controller
