// Keys and certificates as PEM text, and the owners of OpenSSL's objects.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>

#include <memory>
#include <string_view>

namespace axon::http {

template <auto Free>
struct OpensslDeleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, OpensslDeleter<BIO_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, OpensslDeleter<EVP_PKEY_free>>;

/// Reads `text`, which outlives it.
Bio bio_of(std::string_view text);

/// For whatever reads PEM: without it OpenSSL asks the terminal for the pass phrase of an encrypted key.
int no_pass_phrase(char* buffer, int size, int is_writing, void* user);

/// PKCS#1 or PKCS#8; null if it is neither, or encrypted.
PrivateKey private_key_of(std::string_view pem);

}  // namespace axon::http
