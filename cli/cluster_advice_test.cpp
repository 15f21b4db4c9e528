#include "cli/cluster_advice.hpp"

#include <gtest/gtest.h>

namespace axon::cli {
namespace {

std::string advised(Errc code, const std::string& message) {
  return with_advice({code, message}, "context \"c\"").message;
}

TEST(WithAdvice, SaysWhatToDo) {
  EXPECT_EQ(advised(Errc::Unauthorized, "get tasks: Unauthorized (Unauthorized)"),
            "get tasks: Unauthorized (Unauthorized); context \"c\" does not accept your credentials, which may have "
            "expired: log in again, or choose another --context");
  EXPECT_EQ(
      advised(Errc::NotFound, "create tasks d/t: the server could not find the requested resource (NotFound)"),
      "create tasks d/t: the server could not find the requested resource (NotFound); context \"c\" does not know "
      "Axon's resources: axon install puts them there");
  EXPECT_TRUE(advised(Errc::PermissionDenied, "x").contains("ClusterRole edit"));
  EXPECT_TRUE(advised(Errc::Unavailable, "x").contains("cannot be reached"));
}

TEST(WithAdvice, LeavesOtherErrorsAlone) {
  for (const auto code : {Errc::NotFound, Errc::InvalidInput, Errc::Conflict, Errc::Unauthorized}) {
    EXPECT_EQ(advised(code, "tasks.axon.io \"t\" not found"), "tasks.axon.io \"t\" not found");
  }
}

}  // namespace
}  // namespace axon::cli
