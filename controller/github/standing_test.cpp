#include "controller/github/standing.hpp"

#include <gtest/gtest.h>

namespace axon::controller::github {
namespace {

using std::chrono::seconds;

constexpr Time kStart{seconds(1'800'000'000)};
const Source kSource{.secret = "git", .app = {"12", "34", Secret("key")}, .api = "https://api.github.com"};

Kept fresh() {
  Kept kept;
  kept.source = kSource;
  kept.held = Held{.identity = identity(kSource), .life = {.issued = kStart, .expires = kStart + seconds(3600)}};
  kept.refresh = kStart + seconds(1800);
  return kept;
}

TEST(Standing, OfATokenThroughItsLife) {
  const Kept kept = fresh();
  EXPECT_EQ(standing(kept, kStart), (Standing{true, false, ""}));
  EXPECT_EQ(standing(kept, kStart + seconds(2700)), (Standing{true, true, ""}));
  EXPECT_EQ(standing(kept, kStart + seconds(3600)), (Standing{false, true, ""}));
  EXPECT_EQ(standing(Kept{}, kStart), Standing{});
}

TEST(Standing, ATokenOfAnotherInstallationIsOfNoUse) {
  Kept kept = fresh();
  kept.source->app.installation = "35";
  EXPECT_EQ(standing(kept, kStart), Standing{});
  EXPECT_EQ(due_at(kept), Time());
  kept = fresh();
  kept.source->app.private_key = Secret("its new key");
  EXPECT_TRUE(standing(kept, kStart).is_usable);
  kept.source.reset();
  EXPECT_EQ(standing(kept, kStart), Standing{});
}

TEST(DueAt, IsAtOnceOrWhenTheTokenAgesAndNeverBeforeTheNextTry) {
  EXPECT_EQ(due_at(Kept{}), Time());
  Kept kept = fresh();
  EXPECT_EQ(due_at(kept), kStart + seconds(1800));
  kept.not_before = kStart + seconds(1805);
  EXPECT_EQ(due_at(kept), kStart + seconds(1805));
}

TEST(SetSource, ForgetsWhatWentWrongWithAnotherOne) {
  Kept kept = fresh();
  kept.trouble = "HTTP 401";
  kept.failures = 3;
  kept.not_before = kStart + seconds(100);
  set_source(kept, kSource);
  EXPECT_EQ(kept.failures, 3);
  Source mended = kSource;
  mended.app.private_key = Secret("mended");
  set_source(kept, mended);
  EXPECT_EQ(kept.source, mended);
  EXPECT_EQ(kept.trouble, "");
  EXPECT_EQ(kept.failures, 0);
  EXPECT_EQ(kept.not_before, Time());
}

}  // namespace
}  // namespace axon::controller::github
