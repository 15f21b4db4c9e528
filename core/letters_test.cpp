#include "core/letters.hpp"

#include <gtest/gtest.h>

namespace axon {
namespace {

TEST(Letters, ChangeTheirCaseAndNothingElseDoes) {
  EXPECT_EQ(lower_case("AZ az 09 @[`{ \xC3\x84"), "az az 09 @[`{ \xC3\x84");
  EXPECT_EQ(upper_case("AZ az 09 @[`{ \xC3\xA4"), "AZ AZ 09 @[`{ \xC3\xA4");
}

}  // namespace
}  // namespace axon
