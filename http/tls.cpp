#include "http/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "http/pem.hpp"
#include "http/trust.hpp"

namespace axon::http {
namespace {

using Certificate = std::unique_ptr<X509, OpensslDeleter<X509_free>>;

Result<TlsContext> empty_context() {
  TlsContext context;
  context.handle = std::shared_ptr<SSL_CTX>(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (!context.handle) return fail(Errc::Internal, "OpenSSL made no TLS context");
  SSL_CTX_set_min_proto_version(context.handle.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.handle.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context.handle.get(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

Certificate next_certificate(BIO* bio) { return Certificate(PEM_read_bio_X509(bio, nullptr, no_pass_phrase, nullptr)); }

Result<void> trust(SSL_CTX* context, std::string_view pem) {
  const Bio bio = bio_of(pem);
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  int count = 0;
  while (const Certificate authority = next_certificate(bio.get())) {
    X509_STORE_add_cert(store, authority.get());
    ++count;
  }
  ERR_clear_error();  // the end of the text is an error, too
  if (count == 0) return fail(Errc::InvalidInput, "the certificate authority is no certificate in PEM form");
  return {};
}

Result<void> show(SSL_CTX* context, std::string_view certificates, std::string_view key_pem) {
  const Bio chain = bio_of(certificates);
  const Certificate own = next_certificate(chain.get());
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1) {
    ERR_clear_error();
    return fail(Errc::InvalidInput, "the client certificate is no certificate in PEM form");
  }
  while (const Certificate signer = next_certificate(chain.get())) SSL_CTX_add1_chain_cert(context, signer.get());
  const PrivateKey key = private_key_of(key_pem);
  const bool fits = key && SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
  ERR_clear_error();
  if (!key) return fail(Errc::InvalidInput, "the client's key is no private key in PEM form, or it is encrypted");
  if (!fits) return fail(Errc::InvalidInput, "the client's certificate and key do not belong together");
  return {};
}

}  // namespace

Result<TlsContext> make_tls_context(const Environment& environment) {
  const Result<TrustStore> store = find_trust_store(environment);
  if (!store) return std::unexpected(store.error());
  Result<TlsContext> context = empty_context();
  if (!context) return context;
  if (!store->file.empty() && SSL_CTX_load_verify_file(context->handle.get(), store->file.c_str()) != 1) {
    return fail(Errc::InvalidInput, store->file + " holds no certificates in PEM form");
  }
  if (!store->directory.empty()) SSL_CTX_load_verify_dir(context->handle.get(), store->directory.c_str());
  context->trusted = describe(*store);
  return context;
}

Result<TlsContext> make_tls_context(const TlsOptions& options, const Environment& environment) {
  Result<TlsContext> context = options.ca_pem.empty() ? make_tls_context(environment) : empty_context();
  if (!context) return context;
  if (!options.ca_pem.empty()) {
    context->trusted = "the one given for this server";
    if (auto trusted = trust(context->handle.get(), options.ca_pem); !trusted) return std::unexpected(trusted.error());
  }
  if (!options.certificate_pem.empty()) {
    auto shown = show(context->handle.get(), options.certificate_pem, options.key_pem.reveal());
    if (!shown) return std::unexpected(shown.error());
  }
  context->server_name = options.server_name;
  return context;
}

void expect_name(SSL* connection, const std::string& host) {
  X509_VERIFY_PARAM* parameters = SSL_get0_param(connection);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1) return;
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
  SSL_set_tlsext_host_name(connection, host.c_str());
}

Error certificate_error(const std::string& host, long verify_result, const std::string& trusted) {
  std::string why = X509_verify_cert_error_string(verify_result);
  if (verify_result == X509_V_ERR_HOSTNAME_MISMATCH || verify_result == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    why += ", it was issued for another name";
  }
  return {Errc::Unauthorized,
          "the TLS certificate of " + host + " is not trusted: " + why + " (trusted authorities: " + trusted + ")"};
}

}  // namespace axon::http
