#include "entrypoint/workspace/repo_url.hpp"

#include <gtest/gtest.h>

namespace axon {
namespace {

using Kind = RepoUrl::Kind;

TEST(RepoUrl, HttpLosesItsCredentials) {
  const RepoUrl url = parse_repo_url("https://me:p%40ss@Git.Example.com:8443/o/r.git").value();
  EXPECT_EQ(url.kind, Kind::Http);
  EXPECT_EQ(url.text, "https://git.example.com:8443/o/r.git");
  EXPECT_EQ(url.location, url.text);
  EXPECT_EQ(url.user, "me");
  EXPECT_EQ(url.password.reveal(), "p@ss");
  EXPECT_EQ(credential_origin(url), "https://git.example.com:8443");
}

TEST(RepoUrl, SshHasTwoForms) {
  const RepoUrl scp = parse_repo_url("git@github.com:o/r.git").value();
  EXPECT_EQ(scp.kind, Kind::Ssh);
  EXPECT_EQ(scp.host, "github.com");
  EXPECT_EQ(scp.path, "o/r.git");
  const RepoUrl url = parse_repo_url("ssh://git@host:2222/o/r").value();
  EXPECT_EQ(url.kind, Kind::Ssh);
  EXPECT_EQ(url.host, "host");
  EXPECT_EQ(url.port, "2222");
  EXPECT_EQ(credential_origin(url), "");
}

TEST(RepoUrl, AFileUrlIsAPath) {
  const RepoUrl url = parse_repo_url("file:///srv/a%20b.git").value();
  EXPECT_EQ(url.kind, Kind::Local);
  EXPECT_EQ(url.text, "file:///srv/a%20b.git");
  EXPECT_EQ(url.location, "/srv/a b.git");
  EXPECT_EQ(parse_repo_url("/srv/x/../r").value().location, "/srv/r");
  EXPECT_EQ(parse_repo_url("./with:colon").value().kind, Kind::Local);
}

TEST(RepoUrl, RefusesWhatCannotBeCloned) {
  for (const char* text :
       {"", "ftp://h/r", "https://", "file://relative", "ext::sh -c x://", "ssh://-oProxyCommand=x/r"}) {
    EXPECT_FALSE(parse_repo_url(text)) << text;
  }
  const auto refused = parse_repo_url("svn://me:secret@h/r");
  ASSERT_FALSE(refused);
  EXPECT_FALSE(refused.error().message.contains("secret"));
}

TEST(RepoUrl, OwnerAndNameAreTheLastTwoComponents) {
  const auto name = [](const char* text) { return repo_name(parse_repo_url(text).value()); };
  EXPECT_EQ(name("https://github.com/o/r.git"), (RepoName{"o", "r"}));
  EXPECT_EQ(name("git@github.com:o/r"), (RepoName{"o", "r"}));
  EXPECT_EQ(name("https://h/group/sub/r/"), (RepoName{"sub", "r"}));
  EXPECT_EQ(name("https://h/r"), RepoName{});
}

TEST(RepoUrl, AnSshUrlHoldsNothingForAShell) {
  for (const char* url :
       {"git@h:$(id)", "git@h:a b", "git@h:a;b", "ssh://git@h/`id`", "ssh://g\"x@h/p", "git@h:a\nb"}) {
    EXPECT_FALSE(parse_repo_url(url)) << url;
  }
  EXPECT_TRUE(parse_repo_url("ssh://git@[::1]:2222/~me/o/r+x_1.git"));
}

}  // namespace
}  // namespace axon
