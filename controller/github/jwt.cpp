#include "controller/github/jwt.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/encoding.hpp"
#include "http/pem.hpp"

namespace axon::controller::github {
namespace {

using std::chrono::seconds;
using DigestContext = std::unique_ptr<EVP_MD_CTX, http::OpensslDeleter<EVP_MD_CTX_free>>;

constexpr seconds kClockIsFast{60};
constexpr seconds kLife{300};
constexpr int kMinBits = 2048;
constexpr int kMaxBits = 8192;

/// RFC 4648, section 5, without padding.
std::string base64url(std::string_view bytes) {
  std::string text = to_base64(bytes);
  text.resize(text.find_last_not_of('=') + 1);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

std::unexpected<Error> no_key(std::string_view pem) {
  const bool encrypted = pem.contains("ENCRYPTED");
  return fail(Errc::InvalidInput,
              encrypted ? "the key is encrypted; expected one without a pass phrase, as GitHub gives it"
                        : "expected a private key in PEM form, the file that GitHub gives, which begins with "
                          "-----BEGIN RSA PRIVATE KEY-----, with its line breaks");
}

Result<std::string> sign(const http::PrivateKey& key, std::string_view text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const DigestContext context(EVP_MD_CTX_new());
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())), '\0');
  std::size_t size = signature.size();
  const bool done =
      context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size()) == 1;
  ERR_clear_error();
  if (!done) return fail(Errc::InvalidInput, "OpenSSL cannot sign with this key; make a new one for the App");
  signature.resize(size);
  return signature;
}

}  // namespace

Result<Secret> sign_jwt(const std::string& issuer, const Secret& private_key, Time now) {
  const http::PrivateKey key = http::private_key_of(private_key.reveal());
  if (!key) return no_key(private_key.reveal());
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
    return fail(Errc::InvalidInput, "the key is no RSA key; a GitHub App's is one");
  }
  // RFC 7518 wants 2048; with much more a signature would hold up everything else.
  if (const int bits = EVP_PKEY_get_bits(key.get()); bits < kMinBits || bits > kMaxBits) {
    return fail(Errc::InvalidInput, "the key has " + std::to_string(bits) + " bits; expected 2048 to 8192");
  }
  const auto second = [](Time time) { return time.time_since_epoch().count(); };
  const nlohmann::json claims = {{"iat", second(now - kClockIsFast)}, {"exp", second(now + kLife)}, {"iss", issuer}};
  const std::string text = base64url(R"({"alg":"RS256","typ":"JWT"})") + "." + base64url(claims.dump());
  const Result<std::string> signature = sign(key, text);
  if (!signature) return std::unexpected(signature.error());
  return Secret(text + "." + base64url(*signature));
}

}  // namespace axon::controller::github
