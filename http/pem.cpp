#include "http/pem.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace axon::http {

Bio bio_of(std::string_view text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

int no_pass_phrase(char* /*buffer*/, int /*size*/, int /*is_writing*/, void* /*user*/) { return -1; }

PrivateKey private_key_of(std::string_view pem) {
  const Bio text = bio_of(pem);
  PrivateKey key(PEM_read_bio_PrivateKey(text.get(), nullptr, no_pass_phrase, nullptr));
  ERR_clear_error();
  return key;
}

}  // namespace axon::http
