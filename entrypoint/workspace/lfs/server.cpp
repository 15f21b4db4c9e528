#include "entrypoint/workspace/lfs/server.hpp"

#include <strings.h>

#include <algorithm>

#include "entrypoint/helper_process.hpp"
#include "entrypoint/workspace/credential.hpp"
#include "entrypoint/workspace/ssh.hpp"
#include "http/url.hpp"

namespace axon::lfs {
namespace {

constexpr int kMaxRedirects = 3;
constexpr std::chrono::seconds kDefaultPatience{60};

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

bool has_authorization(const std::vector<http::Header>& headers) {
  return std::ranges::any_of(headers, [](const http::Header& header) {
    return header.name.size() == 13 && strcasecmp(header.name.c_str(), "Authorization") == 0;
  });
}

/// What an ssh server names; if it knows no LFS, the place by convention.
Result<Server> ask_ssh(const CloneRequest& request, const RepoUrl& repo) {
  const Server by_convention{default_url(repo), {}};
  const Result<std::vector<std::string>> command = ssh_command(repo, request.environment);
  if (!command) return by_convention;
  HelperProcess helper{.argv = *command, .environment = request.environment, .timeout = patience(request)};
  helper.argv.push_back(authenticate_command(repo));
  const Result<std::string> printed = run_helper(helper);
  if (!printed) return by_convention;
  Result<Action> action = parse_authenticate(*printed, std::chrono::system_clock::now());
  if (!action) return wrap(repo.host, std::move(action).error());
  const std::string url = action->href.empty() ? by_convention.url : without_slash(action->href);
  return Server{url, action->headers};
}

Error refused(const CloneRequest& request, const Server& server, const http::Response& response, bool offered) {
  const std::string status = " (HTTP " + std::to_string(response.status) + ")";
  const std::string said = refusal(response.body).empty() ? "" : ": " + refusal(response.body);
  if (response.status == 401 || response.status == 403) {
    if (offered) {
      return {Errc::Unauthorized, server.url + " refused " + credential_source(request) + status + said +
                                      "; check that it may read this repository's Git LFS objects"};
    }
    const std::string why = request.token ? "" : "; " + request.token.error().message;
    return {Errc::Unauthorized, server.url + " wants credentials" + status + said + why};
  }
  if (response.status == 404 || response.status == 405 || response.status == 501) {
    return {Errc::NotFound,
            "there is no Git LFS server at " + server.url + status + said + "; name it by lfs.url in .lfsconfig"};
  }
  const bool passing = response.status == 429 || response.status >= 500;
  return {passing ? Errc::Unavailable : Errc::NotFound, server.url + " refused the request" + status + said};
}

/// Where a redirect of the request points to; empty if it is none that can be followed.
std::string moved_to(const std::string& url, const http::Response& response) {
  if (response.status < 301 || response.status > 308 || response.status == 304) return "";
  const Result<http::Url> from = http::parse_url(url);
  std::string location(response.header("Location"));
  if (from && location.starts_with('/')) location = http::origin_of(*from) + location;
  const Result<http::Url> to = http::parse_url(location);
  const bool downgrade = from && to && from->scheme == "https" && to->scheme != "https";
  return to && !downgrade && location.ends_with("/objects/batch") ? location : "";
}

}  // namespace

std::chrono::milliseconds patience(const CloneRequest& request) {
  return request.stall.count() > 0 ? request.stall : kDefaultPatience;
}

Result<Server> find_server(const CloneRequest& request, const std::string& configured) {
  if (configured.empty() && request.repo.kind == RepoUrl::Kind::Ssh) return ask_ssh(request, request.repo);
  const std::string url = without_slash(configured.empty() ? default_url(request.repo) : configured);
  Result<RepoUrl> parsed = parse_repo_url(url);
  if (!parsed) return wrap("lfs.url", std::move(parsed).error());
  if (parsed->kind == RepoUrl::Kind::Ssh) return ask_ssh(request, *parsed);
  if (parsed->kind != RepoUrl::Kind::Http) {
    return fail(Errc::InvalidInput, "lfs.url: Git LFS objects are not downloaded from " + url + "; use https or ssh");
  }
  Server server{without_slash(parsed->text), {}};
  if (!parsed->password.empty()) {
    server.headers.push_back({"Authorization", basic_authorization({parsed->user, parsed->password})});
  }
  return server;
}

Result<std::vector<Answer>> ask(const CloneRequest& request, Server& server, const std::vector<Pointer>& objects) {
  http::Options options;
  options.environment = request.environment;
  options.timeout = patience(request);
  http::Request batch{.method = "POST", .url = server.url + "/objects/batch", .headers = {}, .body = ""};
  batch.body = batch_request(objects);
  for (int redirects = 0;;) {
    batch.headers = server.headers;
    batch.headers.push_back({"Accept", std::string(kMediaType)});
    batch.headers.push_back({"Content-Type", std::string(kMediaType)});
    const Result<http::Response> response = http::send(batch, options);
    if (!response) return std::unexpected(response.error());
    if (response->status == 200) return parse_batch(response->body, std::chrono::system_clock::now());
    const bool offered = has_authorization(server.headers);
    if (const std::string next = moved_to(batch.url, *response); !next.empty() && ++redirects <= kMaxRedirects) {
      batch.url = next;
      server = {next.substr(0, next.rfind("/objects/batch")), {}};
      continue;
    }
    const Result<http::Url> url = http::parse_url(batch.url);
    const std::optional<Credential> credential = url ? credential_for(request, *url) : std::nullopt;
    if (response->status != 401 || offered || !credential) {
      return std::unexpected(refused(request, server, *response, offered));
    }
    server.headers.push_back({"Authorization", basic_authorization(*credential)});
  }
}

}  // namespace axon::lfs
