#include "http/url.hpp"

#include <gtest/gtest.h>

namespace axon::http {
namespace {

TEST(Url, IsTakenApart) {
  const Url expected{"https", "me", "p%40ss", "git.example.com", "8443", "/a/b?c=d"};
  EXPECT_EQ(parse_url("HTTPS://me:p%40ss@Git.Example.com:8443/a/b?c=d#e"), expected);
}

TEST(Url, KnowsIpv6AndDefaultPorts) {
  const Url url = parse_url("http://[::1]:80").value();
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.target, "/");
  EXPECT_EQ(authority_of(url), "[::1]");
  EXPECT_EQ(port_of(parse_url("https://a").value()), "443");
  EXPECT_EQ(origin_of(parse_url("https://u:p@a:444/x").value()), "https://a:444");
}

TEST(Url, RefusesWhatIsNone) {
  for (const char* text : {"", "a", "://a", "https://", "https:///x", "https://a:b", "https://a:99999", "https://a b/",
                           "https://a/\r\nX: y", "1http://a", "http://[[]", "http://[a]", "http://a]b"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

TEST(Url, CredentialsAreTakenOutOfText) {
  EXPECT_EQ(redact_urls("clone https://u:secret@h/x, then 'http://tok@h2' and https://h3/a@b"),
            "clone https://***@h/x, then 'http://***@h2' and https://h3/a@b");
  EXPECT_EQ(redact_urls("https://a:b@c@host/"), "https://***@host/");
  EXPECT_EQ(redact_urls("nothing here"), "nothing here");
}

}  // namespace
}  // namespace axon::http
