#include "entrypoint/workspace/refs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace axon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = Start::Kind;

std::string sha(char digit) { return std::string(40, digit); }

const std::vector<RemoteRef> kRefs = {
    {"HEAD", sha('1'), "refs/heads/main"}, {"refs/heads/agent/fix", sha('2'), ""}, {"refs/heads/main", sha('1'), ""},
    {"refs/heads/v1", sha('3'), ""},       {"refs/pull/7/head", sha('4'), ""},     {"refs/tags/v1", sha('5'), ""},
    {"refs/tags/v2", sha('6'), ""},        {"refs/tags/v2^{}", sha('7'), ""},
};

Start start(const std::string& wanted) { return choose_start(kRefs, wanted).value(); }

TEST(ChooseStart, NamesAreFound) {
  EXPECT_EQ(start(""), (Start{Kind::Branch, "refs/heads/main", sha('1')}));
  EXPECT_EQ(start("agent/fix"), (Start{Kind::Branch, "refs/heads/agent/fix", sha('2')}));
  EXPECT_EQ(start("refs/heads/main"), (Start{Kind::Branch, "refs/heads/main", sha('1')}));
  EXPECT_EQ(start("v2"), (Start{Kind::Tag, "refs/tags/v2", sha('7')}));  // peeled
  EXPECT_EQ(start("pull/7/head"), (Start{Kind::Other, "refs/pull/7/head", sha('4')}));
}

TEST(ChooseStart, ABranchGoesBeforeATag) {
  EXPECT_EQ(start("v1"), (Start{Kind::Branch, "refs/heads/v1", sha('3')}));
  EXPECT_EQ(start("refs/tags/v1"), (Start{Kind::Tag, "refs/tags/v1", sha('5')}));
}

TEST(ChooseStart, AFullShaNeedsNoRef) { EXPECT_EQ(start(std::string(40, 'A')), (Start{Kind::Commit, "", sha('a')})); }

TEST(ChooseStart, AnEmptyRepositoryHasNoCommit) {
  EXPECT_EQ(choose_start({}, ""), Start{});
  EXPECT_FALSE(choose_start({}, "main"));
}

TEST(ChooseStart, TheDefaultBranchIsFoundWithoutASymref) {
  EXPECT_EQ(choose_start({{"HEAD", sha('1'), ""}, {"refs/heads/x", sha('1'), ""}}, "")->ref, "refs/heads/x");
  EXPECT_EQ(choose_start({{"HEAD", sha('1'), ""}}, ""), (Start{Kind::Other, "HEAD", sha('1')}));
}

TEST(ChooseStart, WhatIsNearIsNamed) {
  EXPECT_EQ(choose_start(kRefs, "mian").error().message,
            "the repository has no branch or tag \"mian\"; the nearest are: main, v1, v1, v2, agent/fix");
  EXPECT_THAT(choose_start(kRefs, "abcdef0").error().message, testing::HasSubstr("full SHA of 40 digits"));
}

TEST(Refspecs, AShallowCloneAsksForWhatItNeeds) {
  EXPECT_THAT(refspecs(start("main"), nullptr, false), ElementsAre("+refs/heads/main:refs/remotes/origin/main"));
  EXPECT_THAT(
      refspecs(start("main"), find_branch(kRefs, "agent/fix"), false),
      ElementsAre("+refs/heads/main:refs/remotes/origin/main", "+refs/heads/agent/fix:refs/remotes/origin/agent/fix"));
  EXPECT_THAT(refspecs(start("main"), find_branch(kRefs, "main"), false),
              ElementsAre("+refs/heads/main:refs/remotes/origin/main"));
  EXPECT_THAT(refspecs(start("v2"), nullptr, false), ElementsAre("+refs/tags/v2:refs/tags/v2"));
  EXPECT_THAT(refspecs(Start{}, nullptr, false), IsEmpty());
}

TEST(Refspecs, TheCommitIsLast) {  // the transfer looks there
  EXPECT_THAT(refspecs(start(sha('a')), nullptr, true), ElementsAre("+refs/heads/*:refs/remotes/origin/*", sha('a')));
}

TEST(TrackedRefs, AreThoseThatWereFetched) {
  EXPECT_THAT(tracked_refs(kRefs, start("main"), find_branch(kRefs, "agent/fix"), false),
              ElementsAre(RemoteRef{"refs/remotes/origin/agent/fix", sha('2'), ""},
                          RemoteRef{"refs/remotes/origin/main", sha('1'), ""}));
  EXPECT_EQ(tracked_refs(kRefs, start("main"), nullptr, true).size(), 5U);
  EXPECT_THAT(tracked_refs(kRefs, start(sha('a')), nullptr, false), IsEmpty());
}

TEST(PackedRefs, AreSortedLines) {
  EXPECT_EQ(packed_refs({{"refs/tags/a", sha('1'), ""}}), "# pack-refs with: sorted \n" + sha('1') + " refs/tags/a\n");
}

}  // namespace
}  // namespace axon
