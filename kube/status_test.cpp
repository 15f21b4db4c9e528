#include "kube/status.hpp"

#include <gtest/gtest.h>

namespace axon::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Failure failure(int status, const std::string& reason, const std::string& more = "", const std::string& after = "") {
  http::Response response;
  response.status = status;
  response.body = R"({"kind":"Status","message":"m","reason":")" + reason + "\"" + more + "}";
  if (!after.empty()) response.headers = {{"Retry-After", after}};
  return decode_failure(response, "get tasks a/b");
}

TEST(Status, BecomesAnErrorByCodeAndReason) {
  EXPECT_EQ(failure(404, "NotFound").error, (Error{Errc::NotFound, "get tasks a/b: m (NotFound)"}));
  EXPECT_EQ(failure(409, "AlreadyExists").error.code, Errc::AlreadyExists);
  EXPECT_EQ(failure(409, "Conflict").error.code, Errc::Conflict);
  EXPECT_EQ(failure(410, "Expired").error.code, Errc::Expired);
  EXPECT_EQ(failure(403, "Forbidden").error.code, Errc::PermissionDenied);
  EXPECT_EQ(failure(401, "Unauthorized").error.code, Errc::Unauthorized);
  EXPECT_EQ(failure(500, "ServerTimeout").error.code, Errc::Unavailable);
  EXPECT_EQ(failure(503, "ServiceUnavailable").error.code, Errc::Unavailable);
}

TEST(Status, SaysEachCauseOnce) {
  const Failure invalid = failure(
      422, "Invalid",
      R"(,"details":{"causes":[{"field":"spec.a","message":"m"},{"field":"spec.b","message":"required"},{"message":"x"}]})");
  EXPECT_EQ(invalid.error, (Error{Errc::InvalidInput, "get tasks a/b: m; spec.b: required; x (Invalid)"}));
}

TEST(Status, APageOfAProxyIsToldByItsFirstLine) {
  http::Response response;
  response.status = 502;
  response.body = "<html>Bad Gateway\n<body>";
  EXPECT_EQ(decode_failure(response, "list pods").error, (Error{Errc::Unavailable, "list pods: <html>Bad Gateway"}));
  response.body = "";
  EXPECT_EQ(decode_failure(response, "list pods").error.message, "list pods: the API server answered with status 502");
}

TEST(Retry, HappensWhereItMayHelp) {
  EXPECT_EQ(retry_delay(failure(503, "x"), true, 1, 0), milliseconds(100));
  EXPECT_EQ(retry_delay(failure(503, "x"), true, 3, 0), milliseconds(400));
  EXPECT_EQ(retry_delay(failure(503, "x"), true, 3, 1), milliseconds(600));
  EXPECT_EQ(retry_delay(failure(503, "x"), true, kMaxAttempts, 0), std::nullopt);
  EXPECT_EQ(retry_delay(failure(404, "NotFound"), true, 1, 0), std::nullopt);
  EXPECT_EQ(retry_delay(failure(409, "Conflict"), true, 1, 0), std::nullopt);
}

TEST(Retry, OfWhatMayHaveHappenedOnlyWhereTheServerAsksForIt) {
  EXPECT_EQ(retry_delay(failure(503, "x"), false, 1, 0), std::nullopt);
  EXPECT_EQ(retry_delay(failure(429, "TooManyRequests", "", "2"), false, 1, 0), seconds(2));
  EXPECT_EQ(retry_delay(failure(500, "ServerTimeout", R"(,"details":{"retryAfterSeconds":3})"), false, 1, 0),
            seconds(3));
  EXPECT_EQ(failure(429, "TooManyRequests", "", "86400").retry_after, seconds(60));
  EXPECT_EQ(failure(429, "TooManyRequests", "", "soon").retry_after, std::nullopt);
}

TEST(Backoff, GrowsUpToItsLimit) {
  EXPECT_EQ(backoff({milliseconds(10), milliseconds(50), 0}, 1, 0.9), milliseconds(10));
  EXPECT_EQ(backoff({milliseconds(10), milliseconds(50), 0}, 4, 0.9), milliseconds(50));
  EXPECT_EQ(backoff({milliseconds(10), milliseconds(50), 1}, 1000, 0.5), milliseconds(75));
}

}  // namespace
}  // namespace axon::kube
