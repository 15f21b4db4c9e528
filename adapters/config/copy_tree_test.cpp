#include "adapters/config/copy_tree.hpp"

#include <gtest/gtest.h>

#include "adapters/testing/files.hpp"

namespace axon::config {
namespace {

TEST(CopyTree, TakesFilesAtAnyDepthAndTheirExecutableBit) {
  testing::MapFiles files({{"/p/skills/a/SKILL.md", "s"}, {"/p/skillsets/x", "no"}});
  files.write(
      {.files = {{"/p/skills/a/bin/run.sh", "r", 0755}}, .argv = {}, .env = {}, .unset = {}, .stdin_bytes = {}});
  Launch launch;
  ASSERT_TRUE(copy_tree(files, "/p/skills", "/home/k", launch));
  EXPECT_EQ(launch.files, (std::vector<File>{{"/home/k/a/SKILL.md", "s", 0644}, {"/home/k/a/bin/run.sh", "r", 0755}}));
}

TEST(CopyTree, TwoFilesInOnePlaceAreAnError) {
  const testing::MapFiles files({{"/p/a", "1"}, {"/q/a", "2"}});
  Launch launch;
  ASSERT_TRUE(copy_tree(files, "/p", "/home", launch));
  const Result<void> copied = copy_tree(files, "/q", "/home", launch);
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code, Errc::InvalidInput);
  EXPECT_TRUE(copied.error().message.starts_with("/q/a: ")) << copied.error().message;
}

}  // namespace
}  // namespace axon::config
