#include "adapters/config/marked_block.hpp"

#include <gtest/gtest.h>

namespace axon::config {
namespace {

std::string merged(std::string_view existing, std::string_view content) {
  return with_block(existing, content, "FILE").value();
}

TEST(MarkedBlock, IsAllOfANewFile) {
  EXPECT_EQ(merged("", "Rules."), "<!-- axon:begin -->\nRules.\n<!-- axon:end -->\n");
}

TEST(MarkedBlock, ComesAfterWhatIsThere) {
  EXPECT_EQ(merged("Mine.", "Rules."), "Mine.\n\n<!-- axon:begin -->\nRules.\n<!-- axon:end -->\n");
}

TEST(MarkedBlock, ASecondTimeGivesTheSameBytes) {
  for (const std::string_view existing : {"", "Mine.", "Mine.\n", "Mine.\r\n", "\n\n"}) {
    for (const std::string_view content :
         {"Rules.", "Rules.\n", "<!-- axon:end -->\nshown\n", "a <!-- axon:begin --> b"}) {
      const std::string once = merged(existing, content);
      EXPECT_EQ(merged(once, content), once) << existing << "|" << content;
      EXPECT_TRUE(once.starts_with(existing));
    }
  }
}

TEST(MarkedBlock, HasTheMarksOfTheFilesLanguage) {
  EXPECT_EQ(with_block("a = 1\n", "[b]", "FILE", kTomlMarks).value(), "a = 1\n\n# axon:begin\n[b]\n# axon:end\n");
}

TEST(MarkedBlock, IsReplacedWhereItStands) {
  EXPECT_EQ(merged("a\n<!-- axon:begin -->\nold\n<!-- axon:end -->\nb", "new"),
            "a\n<!-- axon:begin -->\nnew\n<!-- axon:end -->\nb");
}

TEST(MarkedBlock, GoesWithItsContent) {
  EXPECT_EQ(merged("a\n<!-- axon:begin -->\nold\n<!-- axon:end -->\nb\n", ""), "a\nb\n");
  EXPECT_EQ(merged("a\n", ""), "a\n");
}

TEST(MarkedBlock, AHalfIsNamedAndNothingIsLost) {
  for (const std::string_view half :
       {"<!-- axon:begin -->\nx\n", "x\n<!-- axon:end -->\n", "<!-- axon:end -->\n<!-- axon:begin -->\n",
        "<!-- axon:begin -->\n<!-- axon:end -->\n<!-- axon:begin -->\n",
        "<!-- axon:end -->\n<!-- axon:begin -->\n<!-- axon:end -->\n"}) {
    const Result<std::string> result = with_block(half, "new", "/home/agent/X.md");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::InvalidInput);
    EXPECT_TRUE(result.error().message.starts_with("/home/agent/X.md: "));
  }
}

}  // namespace
}  // namespace axon::config
