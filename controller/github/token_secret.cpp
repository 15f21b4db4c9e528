#include "controller/github/token_secret.hpp"

#include "controller/metadata.hpp"
#include "core/contract.hpp"
#include "core/documents.hpp"
#include "core/encoding.hpp"
#include "core/json_access.hpp"

namespace axon::controller::github {
namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "axon-github-token-";
constexpr const char* kIdentity = "axon.io/github-app";
constexpr const char* kIssued = "axon.io/issued-at";
constexpr const char* kExpires = "axon.io/expires-at";

}  // namespace

std::string token_secret_name(const std::string& workspace) { return std::string(kPrefix) + workspace; }

std::string workspace_of(const std::string& secret_name) {
  return secret_name.starts_with(kPrefix) ? secret_name.substr(kPrefix.size()) : "";
}

json build_token_secret(const json& workspace, const InstallationToken& token, const std::string& identity) {
  const json& metadata = object_at(workspace, "metadata");
  const std::string name = text_at(metadata, "name");
  return {{"apiVersion", "v1"},
          {"kind", "Secret"},
          {"metadata",
           {{"name", token_secret_name(name)},
            {"namespace", text_at(metadata, "namespace")},
            {"labels", labels_of("github-token")},
            {"annotations",
             {{kIdentity, identity},
              {kIssued, format_time(token.life.issued)},
              {kExpires, format_time(token.life.expires)}}},
            {"ownerReferences", json::array({owner_reference("Workspace", name, text_at(metadata, "uid"))})}}},
          {"type", "Opaque"},
          // Not stringData: what server-side apply keeps of that, nobody can take out again.
          {"data", {{contract::env::kGithubToken, to_base64(token.value.reveal())}}}};
}

Result<std::optional<Held>> read_token_secret(const json& secret) {
  const json& metadata = object_at(secret, "metadata");
  if (text_at(object_at(metadata, "labels"), kManagedBy) != kManager) {
    return fail(Errc::InvalidInput, "Secret \"" + text_at(metadata, "name") +
                                        "\" is not the manager's own, and its name is needed for the token of the "
                                        "Workspace's GitHub App; delete it");
  }
  const json& annotations = object_at(metadata, "annotations");
  const std::optional<Time> issued = parse_time(text_at(annotations, kIssued));
  const std::optional<Time> expires = parse_time(text_at(annotations, kExpires));
  const bool has_token = !text_at(object_at(secret, "data"), "GITHUB_TOKEN").empty();
  if (!issued || !expires || *expires <= *issued || !has_token) return std::nullopt;
  return Held{.identity = text_at(annotations, kIdentity), .life = {.issued = *issued, .expires = *expires}};
}

}  // namespace axon::controller::github
