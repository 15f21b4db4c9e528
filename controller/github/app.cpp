#include "controller/github/app.hpp"

#include <algorithm>
#include <array>

#include "core/contract.hpp"
#include "core/credentials.hpp"
#include "core/json_access.hpp"
#include "core/letters.hpp"
#include "http/url.hpp"

namespace axon::controller::github {
namespace {

constexpr const char* kAppId = "appID";
constexpr const char* kInstallationId = "installationID";
constexpr const char* kPrivateKey = "privateKey";
constexpr std::array<const char*, 3> kKeys = {kAppId, kInstallationId, kPrivateKey};

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 19 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_app_id(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
           c == '-';
  };
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, allowed);
}

std::string missing_keys(const SecretSpec& secret) {
  std::string names;
  for (const char* key : kKeys) {
    const auto found = secret.values.find(key);
    if (found != secret.values.end() && !trimmed(found->second.reveal()).empty()) continue;
    names += (names.empty() ? "" : ", ") + std::string(key);
  }
  return names;
}

}  // namespace

bool is_app(const SecretSpec& secret) {
  const auto has = [&](const char* key) { return secret.values.contains(key); };
  if (secret.values.contains(std::string(contract::env::kGithubToken))) return std::ranges::all_of(kKeys, has);
  return std::ranges::any_of(kKeys, has);
}

Result<App> read_app(const std::string& secret_name, const SecretSpec& secret) {
  const std::string where = "Secret \"" + secret_name + "\"";
  if (const std::string missing = missing_keys(secret); !missing.empty()) {
    return fail(Errc::InvalidInput, where + " has no " + missing +
                                        "; a GitHub App needs appID, installationID and privateKey there, and a "
                                        "personal token GITHUB_TOKEN");
  }
  // A file that became a Secret often ends with a line feed.
  const auto value = [&](const char* key) { return std::string(trimmed(secret.values.at(key).reveal())); };
  App app{
      .id = value(kAppId), .installation = value(kInstallationId), .private_key = Secret(value(kPrivateKey) + "\n")};
  if (!is_app_id(app.id)) {
    return fail(
        Errc::InvalidInput,
        where + ", key appID: expected the App's ID, a number, or its client ID, as its settings page has them");
  }
  if (!is_number(app.installation)) {
    return fail(Errc::InvalidInput, where +
                                        ", key installationID: expected a number, the last part of the address of the "
                                        "installation's settings page");
  }
  return app;
}

Result<std::string> api_of(const std::string& repo) {
  const std::string host = lower_case(repo_host(repo));
  if (host.empty()) return fail(Errc::InvalidInput, "spec.repo: a GitHub App works for a repository with a host only");
  const Result<http::Url> url = http::parse_url(repo);  // git@host:path is none
  if (!url || (url->scheme != "https" && url->scheme != "http")) return github_api(host);
  if (url->scheme == "https") return github_api(http::authority_of(*url));
  return fail(Errc::InvalidInput, "spec.repo: begins with http://, where no token is sent; use https://");
}

Result<Source> read_source(const nlohmann::json& workspace, const SecretSpec& secret) {
  const nlohmann::json& spec = object_at(workspace, "spec");
  Source source;
  source.secret = text_at(object_at(spec, "secretRef"), "name");
  Result<App> app = read_app(source.secret, secret);
  if (!app) return std::unexpected(app.error());
  source.app = *std::move(app);
  Result<std::string> api = api_of(text_at(spec, "repo"));
  if (!api) {
    return wrap("Workspace \"" + text_at(object_at(workspace, "metadata"), "name") + "\"", std::move(api).error());
  }
  source.api = *std::move(api);
  return source;
}

std::string identity(const Source& source) { return source.app.id + "/" + source.app.installation + "@" + source.api; }

}  // namespace axon::controller::github
