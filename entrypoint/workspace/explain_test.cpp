#include "entrypoint/workspace/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace axon {
namespace {

using testing::HasSubstr;

CloneRequest request(const std::string& url, Result<Token> token) {
  CloneRequest request;
  request.repo = parse_repo_url(url).value();
  request.directory = "/w";
  request.token = std::move(token);
  request.stall = std::chrono::seconds(120);
  return request;
}

CloneRequest with_token() { return request("https://h/o/r.git", Token{Secret("hush"), "GITHUB_TOKEN"}); }
CloneRequest without_token() {
  return request("https://h/o/r.git", fail(Errc::NotFound, "there is no token for it: …"));
}

std::string message(const git::Failure& failure, const CloneRequest& request, Access access = {}) {
  return explain(failure, request, access).message;
}

TEST(Explain, SaysWhoseTokenWasRefused) {
  EXPECT_EQ(message({GIT_EAUTH, GIT_ERROR_HTTP, "authentication"}, with_token(), {2, true}),
            "https://h/o/r.git refused the token from GITHUB_TOKEN: it is wrong, has expired, or does not cover this "
            "repository");
  EXPECT_EQ(message({GIT_EAUTH, GIT_ERROR_HTTP, "authentication"}, without_token(), {1, false}),
            "https://h/o/r.git does not exist or wants credentials; there is no token for it: …");
}

TEST(Explain, SaysWhatAStatusMeans) {
  EXPECT_THAT(message({-1, GIT_ERROR_HTTP, "unexpected http status code: 404"}, with_token(), {1, true}),
              HasSubstr("repository not found: https://h/o/r.git (HTTP 404)"));
  const Error busy = explain({-1, GIT_ERROR_HTTP, "unexpected http status code: 503"}, with_token(), {});
  EXPECT_EQ(busy.code, Errc::Unavailable);
}

TEST(Explain, SaysWhoCouldNotBeReached) {
  EXPECT_EQ(message({-1, GIT_ERROR_NET, "failed to resolve address for h: Name or service not known"}, with_token()),
            "host not found: h (Name or service not known)");
  EXPECT_EQ(message({-1, GIT_ERROR_OS, "failed to connect to h: Connection refused"}, with_token()),
            "cannot connect to h: Connection refused");
  CloneRequest proxied = with_token();
  proxied.environment["https_proxy"] = "http://me:secret@p:3128";
  EXPECT_EQ(message({-1, GIT_ERROR_OS, "failed to connect to p: Connection refused"}, proxied),
            "cannot connect to proxy http://***@p:3128: Connection refused");
}

TEST(Explain, KnowsFullDisksAndStalls) {
  EXPECT_EQ(explain({-1, GIT_ERROR_OS, "could not write: No space left on device"}, with_token(), {}).code,
            Errc::NoSpace);
  EXPECT_EQ(explain({-1, GIT_ERROR_NET, "could not read from socket: timed out"}, with_token(), {}).code,
            Errc::TimedOut);
}

TEST(Explain, NeverShowsCredentials) {
  EXPECT_EQ(message({-1, GIT_ERROR_NET, "cannot redirect from 'https://a:b@h/' to 'http://x'"}, with_token()),
            "https://h/o/r.git: cannot redirect from 'https://***@h/' to 'http://x'");
}

}  // namespace
}  // namespace axon
