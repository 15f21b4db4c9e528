#include "core/credentials.hpp"

#include <array>

namespace axon {
namespace {

struct Row {
  std::string_view type;
  std::string_view api_key;
  std::string_view oauth;
};

constexpr std::array<Row, 4> kRows = {{
    {"claude-code", "ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"},
    {"codex", "CODEX_API_KEY", "CODEX_API_KEY"},
    {"gemini", "GEMINI_API_KEY", "GEMINI_API_KEY"},
    {"opencode", "OPENCODE_API_KEY", "OPENCODE_API_KEY"},
}};

}  // namespace

std::vector<std::string> credential_variables(std::string_view type, std::string_view kind) {
  for (const Row& row : kRows) {
    if (row.type != type) continue;
    if (kind == "none") return {};
    if (kind == "api-key") return {std::string(row.api_key)};
    if (kind == "oauth") return {std::string(row.oauth)};
    if (row.api_key == row.oauth) return {std::string(row.api_key)};
    return {std::string(row.api_key), std::string(row.oauth)};
  }
  return {};
}

std::vector<std::string> builtin_types() {
  std::vector<std::string> types;
  for (const Row& row : kRows) types.emplace_back(row.type);
  return types;
}

std::string builtin_type_names() {
  std::string names;
  for (const Row& row : kRows) names.append(names.empty() ? "" : ", ").append(row.type);
  return names;
}

std::string repo_host(std::string_view repo) {
  const std::size_t scheme = repo.find("://");
  if (scheme != std::string_view::npos) {
    if (repo.starts_with("file")) return {};
    repo.remove_prefix(scheme + 3);
    repo = repo.substr(0, repo.find('/'));
  } else if (const std::size_t colon = repo.find(':');
             colon != std::string_view::npos && repo.find('/') > colon) {  // git@host:owner/repo
    repo = repo.substr(0, colon);
  } else {
    return {};
  }
  if (const std::size_t at = repo.rfind('@'); at != std::string_view::npos) repo.remove_prefix(at + 1);
  return std::string(repo.starts_with('[') ? repo.substr(0, repo.find(']') + 1) : repo.substr(0, repo.find(':')));
}

bool is_ssh(std::string_view repo) {
  return repo.starts_with("ssh://") || (!repo.contains("://") && !repo_host(repo).empty());
}

std::string github_api(std::string_view host) {
  if (host == "github.com" || host == "ssh.github.com") return "https://api.github.com";
  if (host.ends_with(".ghe.com")) return "https://api." + std::string(host);
  return "https://" + std::string(host) + "/api/v3";
}

Environment github_variables(std::string_view repo, const std::string& token) {
  const std::string host = repo_host(repo);
  if (host.empty() || host == "github.com" || host == "ssh.github.com") {
    return {{"GITHUB_TOKEN", token}, {"GH_TOKEN", token}};
  }
  return {{"GH_ENTERPRISE_TOKEN", token}, {"GH_HOST", host}, {"GITHUB_TOKEN", token}};
}

}  // namespace axon
