#include "entrypoint/workspace/prepare_options.hpp"

#include <gtest/gtest.h>

namespace axon {
namespace {

PrepareFlags flags(const std::vector<std::string>& args) { return parse_prepare_flags(args).value(); }

TEST(PrepareFlags, AreReadInBothForms) {
  PrepareFlags expected;
  expected.repo = "https://h/r";
  expected.depth = 0;
  expected.stall = std::chrono::seconds(5);
  EXPECT_EQ(flags({"--repo", "https://h/r", "--depth=0", "--stall-timeout", "5"}), expected);
}

TEST(PrepareFlags, WhatIsWrongIsNamed) {
  const auto error = [](const std::vector<std::string>& args) { return parse_prepare_flags(args).error().message; };
  EXPECT_EQ(error({"--rpeo", "x"}), "unknown argument --rpeo; see --help");
  EXPECT_EQ(error({"--repo"}), "--repo needs a value: URL");
  EXPECT_EQ(error({"--depth", "-1"}), "--depth: \"-1\" is no valid N");
}

TEST(PlanPrepare, FlagsGoBeforeTheTaskFile) {
  TaskFile task;
  task.branch = "agent/a";
  task.workspace = WorkspaceSource{.repo = "https://h/r", .ref = "main", .path = "/w", .depth = 3, .files = {}};
  const PreparePlan plan =
      plan_prepare(flags({"--ref", "dev", "--path", "/x"}), task, {{"AXON_PLUGIN_DIR", "/p"}}).value();
  EXPECT_EQ(plan.workspace, (WorkspaceSource{"https://h/r", "dev", "/x", 3, {}}));
  EXPECT_EQ(plan.branch, "agent/a");
  EXPECT_EQ(plan.plugin_dir, "/p");
}

TEST(PlanPrepare, WithoutAWorkspaceThereIsNothingToClone) {
  EXPECT_EQ(plan_prepare({}, std::nullopt, {}), (PreparePlan{std::nullopt, "", {}, "/axon/plugin"}));
  EXPECT_FALSE(plan_prepare(flags({"--ref", "dev"}), std::nullopt, {}));
}

TEST(PlanPrepare, NamesAndPathsAreChecked) {
  TaskFile task;
  task.plugins = {{"p", {{"..", ""}}, {}}};
  EXPECT_FALSE(plan_prepare({}, task, {}));
  task.plugins.clear();
  for (const char* path : {"../x", ".git/config", "a/.GIT/x", "", ".", "a/"}) {
    task.workspace = WorkspaceSource{.repo = "/r", .ref = "", .files = {{path, ""}}};
    EXPECT_FALSE(plan_prepare({}, task, {})) << path;
  }
  task.workspace = WorkspaceSource{.repo = "ftp://h", .ref = "", .files = {}};
  EXPECT_FALSE(plan_prepare({}, task, {}));
}

}  // namespace
}  // namespace axon
