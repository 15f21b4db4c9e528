// Whom a TLS connection trusts and how it shows itself. Certificates are always verified: there is no switch.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>

#include "core/launch.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace axon::http {

struct TlsOptions {
  std::string ca_pem;           // the authorities to trust, and no others; empty: those of the environment
  std::string certificate_pem;  // the client's own, with what signed it behind; empty: none
  Secret key_pem;
  std::string server_name;  // the name that the server has to prove, also sent to it; empty: the URL's host

  bool operator==(const TlsOptions&) const = default;
};

/// Made once, as reading a CA bundle takes milliseconds, and shared by connections.
struct TlsContext {
  std::shared_ptr<SSL_CTX> handle;
  std::string trusted;  // where the authorities come from, for messages
  std::string server_name;
};

/// Trusts what the environment says, see trust.hpp. Fails with InvalidInput where that cannot be read.
Result<TlsContext> make_tls_context(const Environment& environment);

/// As `options` say. Fails with InvalidInput where a PEM text is none or the certificate and the key differ; the
/// message holds nothing of them.
Result<TlsContext> make_tls_context(const TlsOptions& options, const Environment& environment);

/// Prepares a connection that is about to begin: the name that the server has to prove.
void expect_name(SSL* connection, const std::string& host);

/// Why a handshake failed; `verify_result` is OpenSSL's.
Error certificate_error(const std::string& host, long verify_result, const std::string& trusted);

}  // namespace axon::http
