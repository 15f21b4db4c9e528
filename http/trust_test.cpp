#include "http/trust.hpp"

#include <gtest/gtest.h>

namespace axon::http {
namespace {

const FileExists kDebian = [](const std::string& path) {
  return path == "/etc/ssl/certs" || path == "/etc/ssl/certs/ca-certificates.crt";
};

TEST(TrustStore, GitsVariableTakesThePlaceOfAllOthers) {
  const Environment environment = {{"GIT_SSL_CAINFO", "/corp.pem"}, {"SSL_CERT_FILE", "/x"}, {"SSL_CERT_DIR", "/y"}};
  EXPECT_EQ(trust_store(environment, kDebian), (TrustStore{"/corp.pem", "", "GIT_SSL_CAINFO"}));
}

TEST(TrustStore, OpensslsVariablesTakeThePlaceOfTheBundle) {
  EXPECT_EQ(trust_store({{"SSL_CERT_FILE", "/x"}, {"SSL_CERT_DIR", "/y"}}, kDebian),
            (TrustStore{"/x", "/y", "SSL_CERT_FILE"}));
  EXPECT_EQ(trust_store({{"SSL_CERT_FILE", "/x"}}, kDebian), (TrustStore{"/x", "/etc/ssl/certs", "SSL_CERT_FILE"}));
}

TEST(TrustStore, TheBundleIsFoundWhereverTheImageHasIt) {
  EXPECT_EQ(trust_store({}, kDebian), (TrustStore{"/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs", "default"}));
  const auto only = [](const char* place) { return [place](const std::string& path) { return path == place; }; };
  EXPECT_EQ(trust_store({}, only("/axon/bin/ca-certificates.crt")).file, "/axon/bin/ca-certificates.crt");
  EXPECT_EQ(trust_store({}, only("/none")), (TrustStore{"", "", "default"}));
}

TEST(TrustStore, AFileThatIsNamedHasToBeThere) {
  const auto found = find_trust_store({{"SSL_CERT_FILE", "/nonexistent/ca.pem"}});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message,
            "SSL_CERT_FILE names /nonexistent/ca.pem, which cannot be read: No such file or directory");
}

}  // namespace
}  // namespace axon::http
