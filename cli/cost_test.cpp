#include "cli/cost.hpp"

#include <gtest/gtest.h>

namespace axon::cli {
namespace {

using nlohmann::json;

Spending spent(const std::string& name, const char* end, const std::string& type, std::optional<double> cost) {
  Spending one;
  one.ns = "demo";
  one.name = name;
  one.type = type;
  one.phase = "Succeeded";
  one.at = *parse_time(end);
  one.usage = Usage{.input_tokens = 1000, .cache_read_tokens = 400, .output_tokens = 20, .cost_usd = cost};
  return one;
}

std::vector<Spending> three() {
  std::vector<Spending> all = {spent("a", "2026-03-02T00:10:00Z", "codex", {}),
                               spent("b", "2026-03-01T23:50:00Z", "claude-code", 0.25),
                               spent("c", "2026-03-02T12:00:00Z", "claude-code", 0.5)};
  all[1].labels["team"] = "web, \"core\"";
  return all;
}

TEST(Cost, IsSummedUpByDayInUtc) {
  const CostSheet sheet = sum_up(three(), {"day", ""});
  EXPECT_EQ(render_costs(sheet, "table", {}),
            "DAY          TASKS   INPUT   FROM CACHE   OUTPUT   COST\n"
            "2026-03-01   1       1,000   400          20       $0.25\n"
            "2026-03-02   2       2,000   800          40       $0.5 and more\n"
            "TOTAL        3       3,000   1,200        60       $0.75 and more\n");
}

TEST(Cost, IsUnknownWhereNoAgentTellsIt) {
  const CostSheet sheet = sum_up(three(), {"type", ""});
  ASSERT_EQ(sheet.rows.size(), 2U);
  EXPECT_EQ(sheet.rows[1].group, "codex");
  EXPECT_EQ(sheet.rows[1].usage.cost_usd, std::nullopt);
  EXPECT_NE(render_costs(sheet, "table", {}).find("20       unknown\n"), std::string::npos);
}

TEST(Cost, OfTasksWithoutTheLabelIsARowOfItsOwn) {
  const CostSheet sheet = sum_up(three(), {"label", "team"});
  EXPECT_EQ(
      render_costs(sheet, "csv", {}),
      "label=team,tasks,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,reasoning_tokens,cost_usd,"
      "tasks_without_cost\n"
      ",2,2000,800,0,40,0,0.5,1\n"
      "\"web, \"\"core\"\"\",1,1000,400,0,20,0,0.25,0\n");
}

TEST(Cost, AsJsonHasTotalAndRows) {
  const json sheet = json::parse(render_costs(sum_up(three(), {"task", ""}), "json", {}));
  EXPECT_EQ(sheet["by"], "task");
  EXPECT_EQ(sheet["total"]["costUSD"], "0.75");
  EXPECT_EQ(sheet["total"]["tasksWithoutCost"], 1);
  EXPECT_EQ(sheet["rows"][0]["group"], "demo/a");
  EXPECT_FALSE(sheet["rows"][0].contains("costUSD"));
}

TEST(Spending, IsThatOfATaskThatHasEnded) {
  json task = json::parse(R"({"metadata": {"name": "t", "namespace": "demo", "labels": {"axon.io/taskspawner": "s"}},
    "spec": {"type": "codex", "prompt": "p", "model": "m"},
    "status": {"phase": "Failed", "completionTime": "2026-03-01T12:00:00Z", "usage": {"inputTokens": 5, "costUSD": "1.5"}}})");
  const std::optional<Spending> one = spending_of(task);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->spawner, "s");
  EXPECT_EQ(one->model, "m");
  EXPECT_EQ(one->usage, (Usage{.input_tokens = 5, .cost_usd = 1.5}));
  task["status"].erase("completionTime");
  EXPECT_FALSE(spending_of(task));
}

TEST(Grouping, IsAWordOrALabel) {
  EXPECT_EQ(*parse_grouping("label=team"), (Grouping{"label", "team"}));
  EXPECT_EQ(*parse_grouping("spawner"), (Grouping{"spawner", ""}));
  for (const char* wrong : {"week", "label=", ""}) {
    EXPECT_EQ(parse_grouping(wrong).error().message,
              "--by: expected one of day, month, type, model, spawner, namespace, phase, task or label=KEY, found \"" +
                  std::string(wrong) + "\"");
  }
}

TEST(Period, MayBeInDays) {
  EXPECT_EQ(*parse_period("7d", "--since"), std::chrono::hours(7 * 24));
  EXPECT_EQ(*parse_period("36h", "--since"), std::chrono::hours(36));
  for (const char* wrong : {"d", "-1d", "0d", "1.5d", "99999999d", "soon"})
    EXPECT_FALSE(parse_period(wrong, "--since"));
}

}  // namespace
}  // namespace axon::cli
