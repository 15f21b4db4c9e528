#include "entrypoint/git_credential.hpp"

#include <gtest/gtest.h>

namespace axon {
namespace {

constexpr std::string_view kWorkspace = "https://git.corp:8443/o/r";

bool may(const char* protocol, const char* host, std::string_view workspace = kWorkspace,
         std::string_view gh_host = "") {
  return may_have_token({protocol, host}, workspace, gh_host);
}

TEST(CredentialRequest, IsReadLineByLine) {
  EXPECT_EQ(parse_credential_request("protocol=https\nhost=h:8443\npath=o/r\nwwwauth[]=x\n"),
            (CredentialRequest{"https", "h:8443"}));
  EXPECT_EQ(parse_credential_request(""), CredentialRequest{});
}

TEST(MayHaveToken, TheWorkspacesHostAndGithub) {
  EXPECT_TRUE(may("https", "git.corp:8443"));
  EXPECT_TRUE(may("https", "github.com"));
  EXPECT_TRUE(may("https", "ghe.corp", kWorkspace, "ghe.corp"));
  EXPECT_FALSE(may("https", "git.corp"));
  EXPECT_FALSE(may("https", "evil.example"));
  EXPECT_FALSE(may("https", "notgithub.com"));
  EXPECT_TRUE(may("https", "any.example", ""));  // nothing known: git is configured for this host
}

TEST(MayHaveToken, NotInClear) {
  EXPECT_FALSE(may("http", "github.com"));
  EXPECT_FALSE(may("http", "git.corp:8443"));
  EXPECT_TRUE(may("http", "127.0.0.1:3000"));
  EXPECT_TRUE(may("http", "git.corp", "http://git.corp/o/r"));
  EXPECT_FALSE(may("ftp", "github.com"));
  EXPECT_FALSE(may("", ""));
}

}  // namespace
}  // namespace axon
