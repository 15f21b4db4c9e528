#include "entrypoint/git_credential.hpp"

#include <cstdio>
#include <iostream>
#include <iterator>

#include "core/contract.hpp"
#include "core/task_file.hpp"
#include "entrypoint/token.hpp"
#include "entrypoint/workspace/beneath.hpp"
#include "entrypoint/workspace/repo_url.hpp"
#include "http/url.hpp"

namespace axon {
namespace {

/// The repository's URL in the task file; empty if there is none.
std::string workspace_url(const Environment& environment) {
  std::string directory = value_of(environment, contract::env::kTaskDir);
  if (directory.empty()) directory = contract::kTaskDir;
  const std::string path = directory + "/" + std::string(contract::kTaskFile);
  const Result<std::string> text = read_small_file(path);
  if (!text) return "";
  const Result<TaskFile> task = parse_task_file(*text, path);
  return task && task->workspace ? task->workspace->repo : "";
}

}  // namespace

CredentialRequest parse_credential_request(std::string_view text) {
  CredentialRequest request;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    if (line.starts_with("protocol=")) request.protocol = line.substr(9);
    if (line.starts_with("host=")) request.host = line.substr(5);
  }
  return request;
}

bool may_have_token(const CredentialRequest& request, std::string_view workspace_url, std::string_view gh_host) {
  const Result<http::Url> asked = http::parse_url(request.protocol + "://" + request.host);
  if (!asked) return false;
  const Result<RepoUrl> workspace = parse_repo_url(workspace_url);
  const bool is_workspace = workspace && workspace->kind == RepoUrl::Kind::Http && workspace->host == asked->host &&
                            workspace->port == asked->port && workspace->scheme == asked->scheme;
  if (asked->scheme == "http") return is_workspace || http::is_loopback(*asked);
  if (asked->scheme != "https") return false;
  const bool nothing_known = workspace_url.empty() && gh_host.empty();
  return nothing_known || is_workspace || asked->host == gh_host || is_github_cloud(asked->host);
}

int git_credential_command(std::span<const std::string> args) {
  if (args.empty() || args.front() != "get") return contract::exit_code::kSucceeded;
  const std::string text{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  const CredentialRequest request = parse_credential_request(text);
  const Environment environment = current_environment();
  if (!may_have_token(request, workspace_url(environment), value_of(environment, contract::env::kGhHost))) {
    return contract::exit_code::kSucceeded;
  }
  const Result<Token> token = find_token(request.host.substr(0, request.host.find(':')), environment);
  if (token) {
    const std::string password(token->value.reveal());
    std::printf("username=x-access-token\npassword=%s\n", password.c_str());
  } else {
    std::fprintf(stderr, "axon-entrypoint git-credential: %s: %s\n", request.host.c_str(),
                 token.error().message.c_str());
  }
  return contract::exit_code::kSucceeded;
}

}  // namespace axon
