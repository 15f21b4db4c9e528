#include "cli/kinds.hpp"

#include <gtest/gtest.h>

namespace axon::cli {
namespace {

TEST(Kinds, AreFoundByEachOfTheirWords) {
  for (const char* word : {"taskspawner", "taskspawners", "ts", "TaskSpawner"}) {
    EXPECT_EQ(*find_kind(word), &kTaskSpawnerKind) << word;
  }
  EXPECT_EQ(*find_kind("tasks"), &kTaskKind);
  EXPECT_EQ(*find_kind("ac"), &kAgentConfigKind);
  EXPECT_EQ(find_kind("pod").error().message,
            "unknown kind \"pod\"; there are task, workspace (ws), agentconfig (ac), taskspawner (ts)");
}

TEST(Target, IsKindAndNamesInEitherForm) {
  EXPECT_EQ(parse_target("tasks", {})->names, std::vector<std::string>());
  EXPECT_EQ(parse_target("task", {"a", "b"})->names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(parse_target("task/a", {"tasks/b"})->names, (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(parse_target("task/a", {"ws/b"}));
  EXPECT_FALSE(parse_target("task/", {}));
  EXPECT_FALSE(parse_target("task", {""}));
}

}  // namespace
}  // namespace axon::cli
