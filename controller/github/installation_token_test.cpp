#include "controller/github/installation_token.hpp"

#include <gtest/gtest.h>

namespace axon::controller::github {
namespace {

using std::chrono::seconds;

const Time kNow = parse_time("2026-03-01T12:00:00Z").value();
const Source kSource{.secret = "git", .app = {"12", "34", Secret("key")}, .api = "https://api.github.com"};

std::string refusal(int status, const std::string& body) {
  const auto token = read_answer({.status = status, .headers = {}, .body = body}, kSource, kNow);
  return token ? "" : token.error().message;
}

TEST(TokenRequest, IsGithubs) {
  const http::Request request = token_request(kSource, Secret("j.w.t"));
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://api.github.com/app/installations/34/access_tokens");
  EXPECT_EQ(request.headers.at(1), (http::Header{"Authorization", "Bearer j.w.t"}));
}

TEST(ReadAnswer, HasATokenAndItsLife) {
  const auto token = read_answer(
      {.status = 201,
       .headers = {},
       .body = R"({"token": "ghs_x", "expires_at": "2026-03-01T13:00:00Z", "permissions": {"contents": "write"}})"},
      kSource, kNow);
  EXPECT_EQ(token, (InstallationToken{Secret("ghs_x"), {.issued = kNow, .expires = kNow + seconds(3600)}}));
}

TEST(ReadAnswer, TrustsNothing) {
  const std::string none = "https://api.github.com gave an answer that is none of GitHub's: ";
  const std::string expires = R"("expires_at": "2026-03-01T13:00:00Z")";
  for (const std::string& body :
       {std::string(), std::string("<html>"), std::string("[]"), std::string("\xff"), "{" + expires + "}",
        "{\"token\": 7, " + expires + "}", "{\"token\": \"\", " + expires + "}",
        R"({"token": "a\r\nX: y", )" + expires + "}", R"({"token": "a b", )" + expires + "}",
        "{\"token\": \"" + std::string(9000, 'a') + "\", " + expires + "}"}) {
    EXPECT_EQ(refusal(201, body), none + "it has no token") << body;
  }
  EXPECT_EQ(refusal(201, R"({"token": "hush"})"), none + "expires_at is no time in UTC");
  EXPECT_EQ(refusal(201, R"({"token": "hush", "expires_at": "soon"})"), none + "expires_at is no time in UTC");
  EXPECT_EQ(refusal(201, R"({"token": "hush", "expires_at": "2026-03-01T11:00:00Z"})"),
            none +
                "the token ended at 2026-03-01T11:00:00Z, before it came at 2026-03-01T12:00:00Z; is the clock of the "
                "manager's machine right?");
}

TEST(ReadAnswer, SaysWhatToDo) {
  EXPECT_EQ(
      refusal(401, R"({"message": "A JSON web token could not be decoded"})"),
      "https://api.github.com gave no token to App 12: HTTP 401 (A JSON web token could not be decoded): appID and "
      "privateKey in Secret \"git\" do not belong together, or the key was deleted");
  EXPECT_TRUE(refusal(401, R"({"message": "'Expiration time' claim ('exp') is too far in the future"})")
                  .ends_with(": the clock of the manager's machine is wrong"));
  EXPECT_EQ(refusal(404, R"({"message": "Not Found"})"),
            "https://api.github.com gave no token to App 12: HTTP 404 (Not Found): installationID in Secret \"git\" is "
            "not one of App 12, or the App is no longer installed");
  EXPECT_TRUE(refusal(404, R"({"message": "Integration not found"})")
                  .ends_with(": there is no App with the appID in Secret \"git\" on that server"));
  EXPECT_EQ(refusal(502, "<html>"), "https://api.github.com gave no token to App 12: HTTP 502: it will be tried again");
  EXPECT_TRUE(refusal(302, "").contains("spec.repo of the Workspace"));
  EXPECT_EQ(refusal(500, R"({"message": ")" + std::string(5000, 'x') + R"(\n\u0000"})").size(),
            refusal(500, "").size() + 203);
  EXPECT_EQ(unreachable({Errc::TimedOut, "git.corp took too long"}, kSource).message,
            "https://api.github.com cannot be reached: git.corp took too long; it will be tried again");
}

TEST(ReadAnswer, KeepsToGithubsLimits) {
  const auto wait = [](std::vector<http::Header> headers) {
    return read_answer({.status = 403, .headers = std::move(headers), .body = "{}"}, kSource, kNow).error().retry_after;
  };
  EXPECT_EQ(wait({}), std::nullopt);
  EXPECT_EQ(wait({{"retry-after", "7"}}), seconds(7));
  EXPECT_EQ(wait({{"Retry-After", "soon"}}), std::nullopt);
  const std::string in_a_minute = std::to_string(kNow.time_since_epoch().count() + 60);
  EXPECT_EQ(wait({{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", in_a_minute}}), seconds(60));
  EXPECT_EQ(wait({{"X-RateLimit-Remaining", "9"}, {"X-RateLimit-Reset", in_a_minute}}), std::nullopt);
  EXPECT_EQ(wait({{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1"}}), std::nullopt);
}

}  // namespace
}  // namespace axon::controller::github
