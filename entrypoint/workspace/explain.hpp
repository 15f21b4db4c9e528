// Why a clone failed, in one sentence that says what to do.
#pragma once

#include <string>

#include "core/result.hpp"
#include "entrypoint/workspace/clone.hpp"
#include "entrypoint/workspace/git.hpp"

namespace axon {

/// How often the server asked for credentials.
struct Access {
  int asked = 0;
  bool offered = false;  // a token or the URL's password was sent

  bool operator==(const Access&) const = default;
};

/// True where the server's certificate was not accepted: libgit2 does not say why.
bool is_certificate_failure(const git::Failure& failure);

/// `failure` is what libgit2 said while it talked to the server. Pure.
Error explain(const git::Failure& failure, const CloneRequest& request, const Access& access);

/// Why the server's certificate was refused, found out by one request of our own.
Error explain_certificate(const CloneRequest& request);

std::string disk_full(const std::string& directory);

}  // namespace axon
