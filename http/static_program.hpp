// What a static program has to do first, so that the image or machine that it runs on cannot crash it.
#pragma once

namespace axon::http {

/// nsswitch.conf may name modules of another libc, and openssl.cnf a provider to load: neither is looked at.
void ignore_host_configuration();

}  // namespace axon::http
