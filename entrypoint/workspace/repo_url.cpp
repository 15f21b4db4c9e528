#include "entrypoint/workspace/repo_url.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "http/url.hpp"

namespace axon {
namespace {

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        std::isxdigit(static_cast<unsigned char>(text[i + 1])) &&
                        std::isxdigit(static_cast<unsigned char>(text[i + 2]));
    if (!escape) {
      result += text[i];
      continue;
    }
    result += static_cast<char>(std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
    i += 2;
  }
  return result;
}

std::string without_slashes(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

RepoUrl local(std::string text, const std::string& path) {
  RepoUrl repo;
  std::error_code ignored;
  const std::filesystem::path absolute = std::filesystem::absolute(path, ignored);
  repo.location = absolute.lexically_normal().string();
  repo.text = text.starts_with("file:") ? std::move(text) : repo.location;
  repo.path = without_slashes(repo.location);
  return repo;
}

/// What a shell would take for more than a name: libgit2 quotes an ssh URL for neither the shell here nor the one
/// there, and a submodule's URL comes from the repository.
Result<RepoUrl> checked(RepoUrl repo) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c >= 0x80 || std::string_view("/._-~+@:%,=[]").contains(static_cast<char>(c));
  };
  if (repo.kind != RepoUrl::Kind::Ssh || std::ranges::all_of(repo.text, is_plain)) return repo;
  return fail(Errc::InvalidInput,
              "an ssh URL is made of letters, digits and /._-~+@:%,=[] only: there is another character in it");
}

/// [user@]host:path, as ssh and scp write it.
std::optional<RepoUrl> scp_like(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || text.find('/') < colon || text.starts_with('-'))
    return std::nullopt;
  RepoUrl repo;
  repo.kind = RepoUrl::Kind::Ssh;
  repo.text = repo.location = text;
  std::string_view host = text.substr(0, colon);
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) {
    repo.user = host.substr(0, at);
    host = host.substr(at + 1);
  }
  if (host.empty() || host.starts_with('-')) return std::nullopt;  // ssh would read it as an option
  repo.host = host;
  repo.path = without_slashes(text.substr(colon + 1));
  return repo;
}

Result<RepoUrl> remote(std::string_view text, http::Url url) {
  RepoUrl repo;
  if (url.scheme == "http" || url.scheme == "https") {
    repo.kind = RepoUrl::Kind::Http;
    repo.scheme = url.scheme;
    repo.user = percent_decoded(url.user);
    repo.password = Secret(percent_decoded(url.password));
    repo.text = http::origin_of(url) + url.target;
  } else if (url.scheme == "ssh" || url.scheme == "git") {
    repo.kind = url.scheme == "ssh" ? RepoUrl::Kind::Ssh : RepoUrl::Kind::Git;
    repo.user = url.user;
    repo.text = text;
    if (url.host.starts_with('-'))
      return fail(Errc::InvalidInput, "the host of the repository's URL begins with \"-\"");
  } else {
    return fail(Errc::InvalidInput,
                "repositories are not cloned by " + url.scheme + "://; use https, ssh, git, file or a path");
  }
  repo.location = repo.text;
  repo.host = url.host;
  repo.port = url.port;
  repo.path = without_slashes(url.target);
  return checked(std::move(repo));
}

}  // namespace

Result<RepoUrl> parse_repo_url(std::string_view text) {
  if (text.empty()) return fail(Errc::InvalidInput, "the repository's URL is empty");
  if (text.starts_with("file://")) {
    const std::string path = percent_decoded(text.substr(7));
    if (path.starts_with("localhost/")) return local(std::string(text), path.substr(9));
    if (path.starts_with('/')) return local(std::string(text), path);
    return fail(Errc::InvalidInput, "a file:// URL names an absolute path: file:///DIRECTORY");
  }
  if (text.contains("://")) {
    Result<http::Url> url = http::parse_url(text);
    if (!url) return wrap("the repository's URL", std::move(url).error());
    return remote(text, *std::move(url));
  }
  if (std::optional<RepoUrl> repo = scp_like(text)) return checked(*std::move(repo));
  return local(std::string(text), std::string(text));
}

std::string credential_origin(const RepoUrl& url) {
  if (url.kind != RepoUrl::Kind::Http) return "";
  return http::origin_of(
      {.scheme = url.scheme, .user = "", .password = "", .host = url.host, .port = url.port, .target = "/"});
}

RepoName repo_name(const RepoUrl& url) {
  std::string_view path = url.path;
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  std::string_view name = path.substr(slash + 1);
  if (name.ends_with(".git")) name.remove_suffix(4);
  std::string_view owner = path.substr(0, slash);
  owner = owner.substr(owner.rfind('/') + 1);  // npos + 1 is 0
  return {std::string(owner), std::string(name)};
}

}  // namespace axon
