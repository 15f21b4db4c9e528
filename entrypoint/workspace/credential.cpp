#include "entrypoint/workspace/credential.hpp"

#include "core/encoding.hpp"

namespace axon {
namespace {

constexpr const char* kTokenUser = "x-access-token";

}  // namespace

std::optional<Credential> credential_for(const CloneRequest& request, const http::Url& asking) {
  if (asking.host != request.repo.host) return std::nullopt;
  if (asking.scheme != "https" && http::origin_of(asking) != credential_origin(request.repo)) return std::nullopt;
  if (!request.repo.password.empty()) return Credential{request.repo.user, request.repo.password};
  if (!request.token) return std::nullopt;
  return Credential{kTokenUser, request.token->value};
}

std::string basic_authorization(const Credential& credential) {
  return "Basic " + to_base64(credential.user + ":" + std::string(credential.password.reveal()));
}

std::string credential_source(const CloneRequest& request) {
  if (!request.repo.password.empty()) return "the password in the URL";
  return request.token ? "the token from " + request.token->source : "the token";
}

}  // namespace axon
