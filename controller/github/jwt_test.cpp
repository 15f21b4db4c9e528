#include "controller/github/jwt.hpp"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/encoding.hpp"
#include "http/pem.hpp"

namespace axon::controller::github {
namespace {

using http::PrivateKey;

constexpr Time kNow{std::chrono::seconds(1'800'000'000)};

http::Bio memory() { return http::Bio(BIO_new(BIO_s_mem())); }

std::string text_in(const http::Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pkcs1(const PrivateKey& key) {
  const http::Bio out = memory();
  PEM_write_bio_PrivateKey_traditional(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return text_in(out);
}

std::string pkcs8(const PrivateKey& key, const EVP_CIPHER* cipher = nullptr) {
  const http::Bio out = memory();
  char pass[] = "pass";
  PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), cipher, cipher == nullptr ? nullptr : pass, 4, nullptr, nullptr);
  return text_in(out);
}

std::string from_base64url(std::string text) {
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  text.resize((text.size() + 3) / 4 * 4, '=');
  return from_base64(text).value_or("(not base64)");
}

bool verifies(const PrivateKey& key, const std::string& text, const std::string& signature) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const auto bytes = [](const std::string& s) { return reinterpret_cast<const unsigned char*>(s.data()); };
  const bool good = EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
                    EVP_DigestVerify(context, bytes(signature), signature.size(), bytes(text), text.size()) == 1;
  EVP_MD_CTX_free(context);
  return good;
}

std::string refusal(const std::string& pem) {
  const Result<Secret> jwt = sign_jwt("12", Secret(pem), kNow);
  return jwt ? "" : jwt.error().message;
}

TEST(SignJwt, OpensslVerifiesIt) {
  const PrivateKey key(EVP_RSA_gen(2048));
  const Result<Secret> jwt = sign_jwt("12", Secret(pkcs1(key)), kNow);
  ASSERT_TRUE(jwt);
  EXPECT_EQ(jwt, sign_jwt("12", Secret(pkcs8(key)), kNow));
  const std::string text(jwt->reveal());
  const std::size_t first = text.find('.');
  const std::size_t last = text.rfind('.');
  EXPECT_EQ(from_base64url(text.substr(0, first)), R"({"alg":"RS256","typ":"JWT"})");
  const auto claims = nlohmann::json::parse(from_base64url(text.substr(first + 1, last - first - 1)));
  EXPECT_EQ(claims, (nlohmann::json{{"iat", 1'799'999'940}, {"exp", 1'800'000'300}, {"iss", "12"}}));
  EXPECT_EQ(text.find_first_of("+/="), std::string::npos);
  EXPECT_TRUE(verifies(key, text.substr(0, last), from_base64url(text.substr(last + 1))));
  EXPECT_FALSE(verifies(key, text.substr(0, last - 1), from_base64url(text.substr(last + 1))));
}

TEST(SignJwt, SaysWhatIsWrongWithAKeyAndShowsNothingOfIt) {
  const PrivateKey key(EVP_RSA_gen(2048));
  std::string one_line = pkcs1(key);
  std::ranges::replace(one_line, '\n', ' ');
  for (const std::string& pem : {std::string(), std::string("hush"), one_line, pkcs1(key).substr(0, 600),
                                 std::string("-----BEGIN RSA PRIVATE KEY-----\nhush\n-----END RSA PRIVATE KEY-----\n"),
                                 std::string("-----BEGIN OPENSSH PRIVATE KEY-----\nhush\n")}) {
    EXPECT_EQ(
        refusal(pem),
        "expected a private key in PEM form, the file that GitHub gives, which begins with -----BEGIN RSA PRIVATE "
        "KEY-----, with its line breaks");
  }
  EXPECT_EQ(refusal(pkcs8(key, EVP_aes_256_cbc())),
            "the key is encrypted; expected one without a pass phrase, as GitHub gives it");
  EXPECT_EQ(refusal(pkcs8(PrivateKey(EVP_EC_gen("P-256")))), "the key is no RSA key; a GitHub App's is one");
  EXPECT_EQ(refusal(pkcs1(PrivateKey(EVP_RSA_gen(1024)))), "the key has 1024 bits; expected 2048 to 8192");
}

}  // namespace
}  // namespace axon::controller::github
