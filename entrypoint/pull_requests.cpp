#include "entrypoint/pull_requests.hpp"

#include <nlohmann/json.hpp>

#include "core/contract.hpp"
#include "core/credentials.hpp"
#include "entrypoint/gh.hpp"
#include "entrypoint/helper_process.hpp"
#include "entrypoint/token.hpp"
#include "entrypoint/workspace/repo_url.hpp"
#include "http/http.hpp"
#include "http/url.hpp"

namespace axon {
namespace {

using nlohmann::json;

std::string percent_encoded(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~') {
      result += c;
    } else {
      result += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return result;
}

/// ssh.github.com is github.com by another port.
std::string web_host(const std::string& host) { return host == "ssh.github.com" ? "github.com" : host; }

std::string message_of(const std::string& body) {
  const json answer = json::parse(body, nullptr, /*allow_exceptions=*/false);
  return answer.is_object() && answer.contains("message") && answer["message"].is_string()
             ? ": " + answer["message"].get<std::string>()
             : "";
}

struct Api {
  std::string pulls;  // ".../repos/OWNER/NAME/pulls?head=OWNER:BRANCH"
  Secret token;
  http::Options options;
};

Result<std::vector<std::string>> list(const Api& api, const std::string& parameters, const std::string& commit) {
  http::Request request;
  request.url = api.pulls + parameters;
  request.headers = {{"Accept", "application/vnd.github+json"},
                     {"User-Agent", "axon/" AXON_VERSION},
                     {"X-GitHub-Api-Version", "2022-11-28"}};
  if (!api.token.empty()) request.headers.push_back({"Authorization", "Bearer " + std::string(api.token.reveal())});
  const Result<http::Response> response = http::send(request, api.options);
  if (!response) return std::unexpected(response.error());
  if (response->status != 200) {
    return fail(response->status == 401 ? Errc::Unauthorized : Errc::Unavailable,
                "GitHub answered with HTTP " + std::to_string(response->status) + message_of(response->body));
  }
  return pull_request_urls(response->body, commit);
}

Result<std::vector<std::string>> ask_api(const Api& api, const std::string& commit) {
  Result<std::vector<std::string>> open = list(api, "&state=open&per_page=10", "");
  if (!open || !open->empty() || commit.empty()) return open;
  return list(api, "&state=all&sort=updated&direction=desc&per_page=10", commit);
}

Result<std::vector<std::string>> ask_gh(const std::string& program, const std::string& repository,
                                        const PullRequestQuery& query, const std::string& token_name,
                                        const Secret& token) {
  HelperProcess gh;
  gh.argv = {program, "pr", "list", "--repo", repository, "--head", query.branch, "--json", "url"};
  gh.environment = current_environment();
  if (!token.empty()) gh.environment[token_name] = token.reveal();
  gh.timeout = query.timeout;
  const Result<std::string> output = run_helper(gh);
  if (!output) return std::unexpected(output.error());
  const json answer = json::parse(*output, nullptr, /*allow_exceptions=*/false);
  if (!answer.is_array()) return fail(Errc::Unavailable, "gh pr list gave no list");
  std::vector<std::string> urls;
  for (const json& item : answer) {
    if (item.is_object() && item.contains("url") && item["url"].is_string()) urls.push_back(item["url"]);
  }
  return urls;
}

}  // namespace

std::string api_url(const std::string& host, const std::string& gh_host, const Environment& environment) {
  if (std::string url = value_of(environment, "AXON_GITHUB_API_URL"); !url.empty()) {
    while (url.ends_with('/')) url.pop_back();
    return url;
  }
  const bool is_github = host == gh_host || host.contains("github") || host.ends_with(".ghe.com");
  return is_github && !host.empty() ? github_api(host) : "";
}

Result<std::vector<std::string>> pull_request_urls(const std::string& text, const std::string& commit) {
  const json answer = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!answer.is_array()) return fail(Errc::Unavailable, "GitHub's answer is no list of pull requests");
  std::vector<std::string> urls;
  for (const json& item : answer) {
    if (!item.is_object() || !item.contains("html_url") || !item["html_url"].is_string()) continue;
    const json head = item.contains("head") && item["head"].is_object() ? item["head"] : json::object();
    if (!commit.empty() && head.value("sha", json()) != json(commit)) continue;
    urls.push_back(item["html_url"]);
  }
  return urls;
}

Result<std::vector<std::string>> find_pull_requests(const PullRequestQuery& query) {
  const Environment environment = current_environment();
  const Result<RepoUrl> remote = parse_repo_url(query.remote_url);
  if (!remote || query.branch.empty()) return std::vector<std::string>();
  const RepoName repository = repo_name(*remote);
  const std::string host = web_host(remote->host);
  const std::string gh_host = query.gh_host.value_or(value_of(environment, contract::env::kGhHost));
  Api api;
  const std::string base = api_url(host, gh_host, environment);
  if (base.empty() || repository.owner.empty()) return std::vector<std::string>();
  api.pulls = base + "/repos/" + percent_encoded(repository.owner) + "/" + percent_encoded(repository.name) +
              "/pulls?head=" + percent_encoded(repository.owner) + ":" + percent_encoded(query.branch);
  api.token = query.token ? *query.token : find_token(host, environment).value_or(Token{}).value;
  api.options.environment = environment;
  api.options.timeout = query.timeout;
  Result<std::vector<std::string>> found = ask_api(api, query.commit);
  if (found) return found;
  const std::string gh = find_real_gh(value_of(environment, "PATH"));
  if (gh.empty()) return found;
  const std::string token_name(is_github_cloud(host) ? contract::env::kGhToken : contract::env::kGhEnterpriseToken);
  Result<std::vector<std::string>> by_gh =
      ask_gh(gh, host + "/" + repository.owner + "/" + repository.name, query, token_name, api.token);
  return by_gh ? by_gh : found;
}

}  // namespace axon
