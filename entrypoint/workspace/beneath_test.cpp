#include "entrypoint/workspace/beneath.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "entrypoint/workspace/git_fixture.hpp"

namespace axon {
namespace {

using WriteBeneath = GitTest;

TEST_F(WriteBeneath, MakesDirectoriesAndReplacesFiles) {
  EXPECT_TRUE(write_beneath(root, "a/b/c.txt", "one"));
  EXPECT_TRUE(write_beneath(root, "a/b/c.txt", std::string("t\0o", 3)));
  EXPECT_EQ(read("a/b/c.txt"), std::string("t\0o", 3));
}

TEST_F(WriteBeneath, KeepsTheModeAndBreaksHardLinks) {
  write("script", "old");
  run("chmod 555 script && ln script other");
  EXPECT_TRUE(write_beneath(root, "script", "new"));
  struct stat status{};
  stat((root + "/script").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777U, 0555U);
  EXPECT_EQ(read("other"), "old");
}

TEST_F(WriteBeneath, RefusesToLeave) {
  run("mkdir -p in/sub out && ln -s ../out in/link && ln -s ../out/file in/file && ln -s /etc in/abs");
  for (const char* path : {"", "/x", "../out/x", "a/../../out/x", "a\\b", "link/x", "abs/x", "file", "sub", "link"}) {
    const auto written = write_beneath(root + "/in", path, "x");
    ASSERT_FALSE(written) << path;
    EXPECT_EQ(written.error().code, Errc::InvalidInput) << path;
  }
  EXPECT_EQ(run("ls out"), "");
}

TEST_F(WriteBeneath, SaysWhoMayNotWrite) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  run("mkdir closed && chmod 555 closed");
  EXPECT_EQ(make_directories(root + "/closed/x").error().code, Errc::PermissionDenied);
}

}  // namespace
}  // namespace axon
