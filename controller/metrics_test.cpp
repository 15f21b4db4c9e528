#include "controller/metrics.hpp"

#include <gtest/gtest.h>

namespace axon::controller {
namespace {

TEST(Metrics, AreWrittenAsPrometheusReadsThem) {
  Metrics metrics;
  metrics.count_created("demo", "codex");
  metrics.count_created("demo", "codex");
  metrics.count_completed("demo", "codex", "Succeeded", std::chrono::seconds(45),
                          Usage{.input_tokens = 100, .output_tokens = 20, .cost_usd = 0.5});
  metrics.count_completed("demo", "codex", "Succeeded", std::chrono::seconds(9000), std::nullopt);
  metrics.count_completed("a\"b", "codex", "Failed", std::nullopt, std::nullopt);
  metrics.count_error("task");
  metrics.set_total("axon_api_requests_total", 12);
  const std::string text = metrics.text();
  for (const char* line : {
           "# TYPE axon_task_created_total counter\naxon_task_created_total{namespace=\"demo\",type=\"codex\"} 2\n",
           "axon_task_completed_total{namespace=\"a\\\"b\",type=\"codex\",phase=\"Failed\"} 1\n",
           "axon_task_cost_usd_total{namespace=\"demo\",type=\"codex\"} 0.5\n",
           "axon_task_input_tokens_total{namespace=\"demo\",type=\"codex\"} 100\n",
           "axon_reconcile_errors_total{controller=\"task\"} 1\n",
           "axon_api_requests_total 12\n",
           "axon_task_duration_seconds_bucket{namespace=\"demo\",type=\"codex\",phase=\"Succeeded\",le=\"30\"} 0\n",
           "axon_task_duration_seconds_bucket{namespace=\"demo\",type=\"codex\",phase=\"Succeeded\",le=\"60\"} 1\n",
           "axon_task_duration_seconds_bucket{namespace=\"demo\",type=\"codex\",phase=\"Succeeded\",le=\"+Inf\"} 2\n",
           "axon_task_duration_seconds_sum{namespace=\"demo\",type=\"codex\",phase=\"Succeeded\"} 9045\n",
           "axon_task_duration_seconds_count{namespace=\"demo\",type=\"codex\",phase=\"Succeeded\"} 2\n",
       }) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\nnot in\n" << text;
  }
}

}  // namespace
}  // namespace axon::controller
