#include "entrypoint/workspace/submodules.hpp"

#include "entrypoint/workspace/fetch.hpp"
#include "http/trust.hpp"

namespace axon {
namespace {

using Submodule = std::unique_ptr<git_submodule, git::Freed<git_submodule_free>>;

constexpr int kMaxLevel = 8;  // a repository can name itself

std::vector<std::string> names(git_repository* repository) {
  std::vector<std::string> list;
  git_submodule_foreach(
      repository,
      [](git_submodule*, const char* name, void* payload) {
        static_cast<std::vector<std::string>*>(payload)->emplace_back(name);
        return 0;
      },
      &list);
  return list;
}

/// Its URL, a relative one resolved against the parent's.
Result<std::string> url_of(git_repository* repository, git_submodule* submodule) {
  git_buf resolved = GIT_BUF_INIT;
  const char* url = git_submodule_url(submodule);
  if (url == nullptr) return fail(Errc::InvalidInput, ".gitmodules names no URL");
  if (const int code = git_submodule_resolve_url(&resolved, repository, url); code < 0)
    return git::failed("its URL", code);
  std::string text(resolved.ptr, resolved.size);
  git_buf_dispose(&resolved);
  return text;
}

Result<git::Repository> open_or_make(git_submodule* submodule, bool& existing) {
  git::Repository repository;
  existing = git::make(repository, git_submodule_open, submodule) == 0;
  if (existing) return repository;
  if (const int code = git_submodule_init(submodule, 0); code < 0) return git::failed("initialise it", code);
  if (const int code = git::make(repository, git_submodule_repo_init, submodule, 1); code < 0) {
    return git::failed("make its repository", code);
  }
  return repository;
}

/// For a parent that was cloned without TLS none were loaded when libgit2 started.
Result<void> load_authorities(const CloneRequest& request) {
  const Result<http::TrustStore> trust = http::find_trust_store(request.environment);
  if (!trust) return std::unexpected(trust.error());
  const char* file = trust->file.empty() ? nullptr : trust->file.c_str();
  const char* directory = trust->directory.empty() ? nullptr : trust->directory.c_str();
  if (file != nullptr || directory != nullptr) git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, directory);
  return {};
}

/// The token is for one server: another port of its host is another one, and nothing of it goes there in clear.
bool is_on_server_of(const RepoUrl& parent, const RepoUrl& own) {
  if (own.host != parent.host) return false;
  if (own.kind != RepoUrl::Kind::Http) return true;
  if (parent.kind == RepoUrl::Kind::Http) return credential_origin(own) == credential_origin(parent);
  return own.scheme == "https" && own.port.empty();
}

Result<void> add(git_repository* repository, const std::string& name, const CloneRequest& parent, Progress& progress,
                 int level) {
  Submodule submodule;
  if (const int code = git::make(submodule, git_submodule_lookup, repository, name.c_str()); code < 0) {
    return git::failed("look it up", code);
  }
  const git_oid* commit = git_submodule_head_id(submodule.get());
  if (commit == nullptr || git_submodule_update_strategy(submodule.get()) == GIT_SUBMODULE_UPDATE_NONE) return {};
  const Result<std::string> url = url_of(repository, submodule.get());
  if (!url) return std::unexpected(url.error());
  Result<CloneRequest> request = submodule_request(parent, *url, git_submodule_path(submodule.get()));
  if (!request) return std::unexpected(std::move(request).error());
  request->ref = git::hex(*commit);
  if (request->repo.scheme == "https" && parent.repo.scheme != "https") {
    if (Result<void> loaded = load_authorities(*request); !loaded) return loaded;
  }
  progress.note("cloning the submodule " + name + " from " + request->repo.text);
  const Result<git::Repository> own = open_or_make(submodule.get(), request->existing);
  if (!own) return std::unexpected(own.error());
  if (Result<Checkout> filled = fill_repository(own->get(), *request, progress); !filled) {
    return std::unexpected(std::move(filled).error());
  }
  add_submodules(own->get(), *request, progress, level + 1);
  return {};
}

}  // namespace

Result<CloneRequest> submodule_request(const CloneRequest& parent, std::string_view url, const std::string& path) {
  Result<RepoUrl> repo = parse_repo_url(url);
  if (!repo) return std::unexpected(std::move(repo).error());
  if (repo->kind == RepoUrl::Kind::Local && parent.repo.kind != RepoUrl::Kind::Local) {
    return fail(Errc::PermissionDenied, "its URL is a path on this machine");
  }
  CloneRequest request = parent;
  request.repo = *std::move(repo);
  request.branch.clear();
  request.directory = parent.directory + "/" + path;
  if (!is_on_server_of(parent.repo, request.repo)) request.token = fail(Errc::NotFound, "it is on another server");
  return request;
}

void add_submodules(git_repository* repository, const CloneRequest& parent, Progress& progress, int level) {
  if (level > kMaxLevel) return;
  for (const std::string& name : names(repository)) {
    const Result<void> added = add(repository, name, parent, progress, level);
    if (!added) progress.note("the submodule " + name + " is left out: " + added.error().message);
  }
}

}  // namespace axon
