// Against the index that git itself writes, in each of its formats.
#include "entrypoint/workspace/index_file.hpp"

#include "entrypoint/workspace/git_fixture.hpp"

namespace axon {
namespace {

struct Format {
  const char* hash;
  const char* version;
};

class IndexFile : public GitTest, public testing::WithParamInterface<Format> {
 protected:
  void make(const std::string& hash, const std::string& version) {
    hash_size = hash == "sha256" ? 32 : 20;
    run("git init -q --object-format=" + hash +
        " r && cd r && mkdir -p deep/er && echo a >a && echo bb >deep/b && "
        "echo ccc >deep/er/c-long-name && chmod 755 a && ln -s a link && git add . && git update-index "
        "--index-version " +
        version + " && touch new && git add --intent-to-add new && git update-index --skip-worktree deep/b");
  }

  std::size_t hash_size = 20;
};

TEST_P(IndexFile, IsReadAsGitListsIt) {
  make(GetParam().hash, GetParam().version);
  const auto entries = read_index(read("r/.git/index"), hash_size);
  ASSERT_TRUE(entries) << entries.error().message;
  std::string list;
  for (const IndexEntry& entry : *entries) {
    list += entry.path + " " + std::to_string(entry.size) + (entry.skipped ? " skipped" : "") +
            (entry.mode == 0100755   ? " executable"
             : entry.mode == 0120000 ? " link"
                                     : "") +
            "\n";
  }
  EXPECT_EQ(list, "a 2 executable\ndeep/b 3 skipped\ndeep/er/c-long-name 4\nlink 1 link\nnew 0\n");
}

TEST_P(IndexFile, TakesAChangedFileForWhatIsCheckedOut) {
  make(GetParam().hash, GetParam().version);
  run("cd r && git update-index --no-skip-worktree deep/b && git -c user.name=a -c user.email=a@b commit -qm c && echo "
      "other >deep/b && touch -d '2 days ago' deep/b");
  EXPECT_EQ(run("cd r && git status --porcelain -uno | grep deep"), " M deep/b");
  std::string bytes = read("r/.git/index");
  const auto entries = read_index(bytes, hash_size);
  ASSERT_TRUE(entries) << entries.error().message;
  struct stat now{};
  ASSERT_EQ(stat((root + "/r/deep/b").c_str(), &now), 0);
  set_state(bytes, entries->at(1), now);
  ASSERT_TRUE(seal_index(bytes, hash_size));
  write("r/.git/index", bytes);
  EXPECT_EQ(run("cd r && git status --porcelain -uno | grep deep; git fsck 2>&1"), "");
}

INSTANTIATE_TEST_SUITE_P(Formats, IndexFile,
                         testing::Values(Format{"sha1", "2"}, Format{"sha1", "4"}, Format{"sha256", "2"},
                                         Format{"sha256", "4"}));

TEST(ReadIndex, RefusesWhatIsNone) {
  EXPECT_FALSE(read_index("", 20));
  EXPECT_FALSE(read_index("DIRC", 20));
  EXPECT_FALSE(read_index(std::string("DIRC\0\0\0\7\0\0\0\0", 12) + std::string(20, 'x'), 20));
  EXPECT_FALSE(read_index(std::string("DIRC\0\0\0\2\0\0\0\1", 12) + std::string(30, 'x'), 20));
}

}  // namespace
}  // namespace axon
