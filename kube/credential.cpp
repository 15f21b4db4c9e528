#include "kube/credential.hpp"

#include "core/encoding.hpp"
#include "core/letters.hpp"
#include "kube/object.hpp"

namespace axon::kube {
Secret bearer(std::string_view token) {
  token = trimmed(token);  // those in files end with a newline now and then; in a header it would be an injection
  return token.empty() ? Secret() : Secret("Bearer " + std::string(token));
}

Secret basic(const std::string& username, const Secret& password) {
  return Secret("Basic " + to_base64(username + ":" + std::string(password.reveal())));
}

Result<Credential> parse_exec_credential(std::string_view output, const ExecPlugin& plugin) {
  const std::string who = "the credential plugin " + plugin.command;
  const Json document = Json::parse(output, nullptr, false);
  if (!document.is_object() || text_at(document, "/kind") != "ExecCredential") {
    return fail(Errc::Unauthorized, who + " printed no ExecCredential in JSON");
  }
  if (const std::string version = text_at(document, "/apiVersion"); version != plugin.api_version) {
    return fail(Errc::Unauthorized,
                who + " answered with apiVersion " + version + "; the kubeconfig wants " + plugin.api_version);
  }
  Credential credential;
  credential.login.authorization = bearer(text_at(document, "/status/token"));
  credential.login.certificate_pem = text_at(document, "/status/clientCertificateData");
  credential.login.key_pem = Secret(text_at(document, "/status/clientKeyData"));
  if (credential.login.certificate_pem.empty() != credential.login.key_pem.empty()) {
    return fail(Errc::Unauthorized, who + " gave one of clientCertificateData and clientKeyData without the other");
  }
  if (credential.login.authorization.empty() && credential.login.certificate_pem.empty()) {
    return fail(Errc::Unauthorized, who + " gave neither status.token nor status.clientCertificateData");
  }
  if (const std::string until = text_at(document, "/status/expirationTimestamp"); !until.empty()) {
    credential.until = parse_time(until);
    if (!credential.until) return fail(Errc::Unauthorized, who + ": status.expirationTimestamp is no time in UTC");
  }
  return credential;
}

std::string exec_info(const ExecPlugin& plugin, const Cluster& cluster, bool is_interactive) {
  Json info = {
      {"apiVersion", plugin.api_version}, {"kind", "ExecCredential"}, {"spec", {{"interactive", is_interactive}}}};
  if (plugin.provide_cluster_info) {
    Json& spec = info["spec"]["cluster"];
    spec["server"] = cluster.server;
    if (!cluster.ca_pem.empty()) spec["certificate-authority-data"] = to_base64(cluster.ca_pem);
    if (!cluster.server_name.empty()) spec["tls-server-name"] = cluster.server_name;
    if (!cluster.proxy_url.empty()) spec["proxy-url"] = cluster.proxy_url;
  }
  return info.dump();
}

}  // namespace axon::kube
