#include "http/proxy.hpp"

#include <gtest/gtest.h>

namespace axon::http {
namespace {

Url url(std::string_view text) { return parse_url(text).value(); }

TEST(Proxy, IsThatOfTheScheme) {
  const Environment environment = {{"http_proxy", "http://p1:1"}, {"HTTPS_PROXY", "p2:2"}};
  EXPECT_EQ(proxy_for(url("http://a"), environment), "http://p1:1");
  EXPECT_EQ(proxy_for(url("https://a"), environment), "http://p2:2");
}

TEST(Proxy, LowerCaseGoesFirstAndAnEmptyValueSwitchesItOff) {
  EXPECT_EQ(proxy_for(url("https://a"), {{"https_proxy", "http://l"}, {"HTTPS_PROXY", "http://u"}}), "http://l");
  EXPECT_EQ(proxy_for(url("https://a"), {{"https_proxy", ""}, {"all_proxy", "http://all"}}), std::nullopt);
  EXPECT_EQ(proxy_for(url("https://a"), {{"ALL_PROXY", "http://all"}}), "http://all");
  EXPECT_EQ(proxy_for(url("https://a"), {}), std::nullopt);
}

TEST(Proxy, NoProxyNamesHostsAndWhatIsBelowThem) {
  const Url host = url("https://git.corp.example:8443/x");
  for (const char* pattern : {"*", "git.corp.example", "corp.example", ".corp.example", "*.corp.example",
                              "CORP.example", "a, corp.example", "corp.example:8443"}) {
    EXPECT_TRUE(is_exempt(host, pattern)) << pattern;
  }
  for (const char* pattern : {"", "orp.example", "other", "corp.example:443", "git.corp.example.org"}) {
    EXPECT_FALSE(is_exempt(host, pattern)) << pattern;
  }
}

TEST(Proxy, NoProxyNamesAddressesAndBlocks) {
  EXPECT_TRUE(is_exempt(url("http://10.1.2.3"), "10.0.0.0/8"));
  EXPECT_FALSE(is_exempt(url("http://11.1.2.3"), "10.0.0.0/8"));
  EXPECT_TRUE(is_exempt(url("http://[fd00::1]"), "fd00::/8"));
  EXPECT_TRUE(is_exempt(url("http://[::1]:3000"), "::1"));
  EXPECT_TRUE(is_exempt(url("http://127.0.0.1"), "localhost,127.0.0.1"));
}

}  // namespace
}  // namespace axon::http
