#include "http/trust.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>

#include "core/contract.hpp"

namespace axon::http {
namespace {

constexpr std::string_view kDefaultDirectory = "/etc/ssl/certs";

std::string default_bundle(const FileExists& exists) {
  const std::array<std::string, 5> places = {
      "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Alpine, Arch, Gentoo
      "/etc/pki/tls/certs/ca-bundle.crt",    // Fedora, RHEL
      "/etc/ssl/ca-bundle.pem",              // openSUSE
      "/etc/ssl/cert.pem",                   // Alpine, BSD
      std::string(contract::kBinDir) + "/ca-certificates.crt",
  };
  for (const std::string& place : places) {
    if (exists(place)) return place;
  }
  return "";
}

std::string value_of(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

}  // namespace

TrustStore trust_store(const Environment& environment, const FileExists& exists) {
  if (const std::string file = value_of(environment, "GIT_SSL_CAINFO"); !file.empty()) {
    return {file, value_of(environment, "GIT_SSL_CAPATH"), "GIT_SSL_CAINFO"};
  }
  std::string directory = value_of(environment, "SSL_CERT_DIR");
  if (directory.empty() && exists(std::string(kDefaultDirectory))) directory = kDefaultDirectory;
  if (std::string file = value_of(environment, "SSL_CERT_FILE"); !file.empty()) {
    return {std::move(file), std::move(directory), "SSL_CERT_FILE"};
  }
  return {default_bundle(exists), std::move(directory), "default"};
}

Result<TrustStore> find_trust_store(const Environment& environment) {
  const auto exists = [](const std::string& path) { return access(path.c_str(), R_OK) == 0; };
  TrustStore store = trust_store(environment, exists);
  if (store.source != "default" && !exists(store.file)) {
    return fail_errno(store.source + " names " + store.file + ", which cannot be read", errno);
  }
  return store;
}

std::string describe(const TrustStore& store) {
  if (!store.file.empty()) return store.source == "default" ? store.file : store.file + " (" + store.source + ")";
  if (!store.directory.empty()) return store.directory;
  return "no CA bundle was found: set SSL_CERT_FILE";
}

}  // namespace axon::http
