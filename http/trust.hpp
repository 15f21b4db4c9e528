// Which certificate authorities are trusted, as the environment says and the image has them. The programs are static:
// OpenSSL's built-in place of the bundle is that of the machine they were built on, and most images have none there.
#pragma once

#include <functional>
#include <string>

#include "core/launch.hpp"
#include "core/result.hpp"

namespace axon::http {

struct TrustStore {
  std::string file;       // PEM bundle; empty: none found
  std::string directory;  // hashed certificates, looked at where the bundle has no answer; empty: none
  std::string source;     // where `file` was named, for messages: "GIT_SSL_CAINFO", "SSL_CERT_FILE", "default"

  bool operator==(const TrustStore&) const = default;
};

using FileExists = std::function<bool(const std::string& path)>;

/// GIT_SSL_CAINFO takes the place of every other store, as in git; then SSL_CERT_FILE and SSL_CERT_DIR, as in OpenSSL;
/// then the bundle of the image, wherever its distribution keeps it, or the one beside the entrypoint.
TrustStore trust_store(const Environment& environment, const FileExists& exists);

/// The same with this machine's files. Fails with a sentence if a file that a variable names cannot be read.
Result<TrustStore> find_trust_store(const Environment& environment);

/// "/etc/ssl/cert.pem (SSL_CERT_FILE)", or a sentence that there is none.
std::string describe(const TrustStore& store);

}  // namespace axon::http
