#include "http/static_program.hpp"

#include <netdb.h>
#include <openssl/crypto.h>

#include <initializer_list>

extern "C" int __nss_configure_lookup(const char* database, const char* services);

namespace axon::http {

void ignore_host_configuration() {
  ::__nss_configure_lookup("hosts", "files dns");
  for (const char* database : {"passwd", "group", "services"}) ::__nss_configure_lookup(database, "files");
  ::OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
}

}  // namespace axon::http
