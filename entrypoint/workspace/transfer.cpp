#include "entrypoint/workspace/transfer.hpp"

#include "http/proxy.hpp"
#include "http/url.hpp"

namespace axon {
namespace {

constexpr const char* kTokenUser = "x-access-token";

/// git_strarray over strings that outlive it.
struct StringArray {
  explicit StringArray(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));  // libgit2 only reads
    array = {pointers.data(), pointers.size()};
  }
  std::vector<char*> pointers;
  git_strarray array{};
};

}  // namespace

ServerTransfer::ServerTransfer(git_repository* repository, const CloneRequest& request, Progress& progress)
    : repository_(repository), request_(&request), progress_(&progress) {
  if (request.repo.kind != RepoUrl::Kind::Http) return;
  if (const Result<http::Url> url = http::parse_url(request.repo.text)) {
    proxy_url_ = http::proxy_for(*url, request.environment);
  }
}

int ServerTransfer::on_credentials(git_credential** out, const char* url, const char*, unsigned allowed, void* self) {
  auto& transfer = *static_cast<ServerTransfer*>(self);
  const CloneRequest& request = *transfer.request_;
  const Result<http::Url> asking = http::parse_url(url);  // after a redirect not the repository's own
  if (!asking || asking->host != request.repo.host) return GIT_EAUTH;
  if (asking->scheme != "https" && http::origin_of(*asking) != credential_origin(request.repo)) return GIT_EAUTH;
  // libgit2 asks again for as long as it is given an answer.
  if (++transfer.access_.asked > 1 || (allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) == 0) return GIT_EAUTH;
  if (!request.repo.password.empty()) {
    transfer.access_.offered = true;
    const std::string password(request.repo.password.reveal());
    return git_credential_userpass_plaintext_new(out, request.repo.user.c_str(), password.c_str());
  }
  if (!request.token) return GIT_EAUTH;
  transfer.access_.offered = true;
  const std::string password(request.token->value.reveal());
  return git_credential_userpass_plaintext_new(out, kTokenUser, password.c_str());
}

int ServerTransfer::on_transfer(const git_indexer_progress* stats, void* self) {
  Progress& progress = *static_cast<ServerTransfer*>(self)->progress_;
  if (stats->received_objects < stats->total_objects || stats->total_deltas == 0) {
    progress.receiving(stats->received_objects, stats->total_objects, stats->received_bytes);
  } else {
    progress.resolving(stats->indexed_deltas, stats->total_deltas);
  }
  return 0;
}

int ServerTransfer::on_message(const char*, int, void* self) {
  static_cast<ServerTransfer*>(self)->progress_->alive();
  return 0;
}

git_remote_callbacks ServerTransfer::callbacks() {
  auto callbacks = git::options(git_remote_init_callbacks);
  callbacks.credentials = on_credentials;
  callbacks.transfer_progress = on_transfer;
  callbacks.sideband_progress = on_message;
  callbacks.payload = this;
  return callbacks;
}

git_proxy_options ServerTransfer::proxy() {
  auto options = git::options(git_proxy_options_init);
  options.type = proxy_url_ ? GIT_PROXY_SPECIFIED : GIT_PROXY_NONE;
  options.url = proxy_url_ ? proxy_url_->c_str() : nullptr;
  return options;
}

int ServerTransfer::connect() {
  access_ = {};
  auto options = git::options(git_remote_connect_options_init);
  options.callbacks = callbacks();
  options.proxy_opts = proxy();
  return git_remote_connect_ext(remote_.get(), GIT_DIRECTION_FETCH, &options);
}

Error ServerTransfer::explained(int code) {
  const git::Failure failure = git::last_failure(code);
  return is_certificate_failure(failure) ? explain_certificate(*request_) : explain(failure, *request_, access_);
}

Result<std::vector<RemoteRef>> ServerTransfer::list() {
  if (const int code = git::make(remote_, git_remote_lookup, repository_, "origin"); code < 0) {
    return git::failed("the remote origin", code);
  }
  if (const int code = connect(); code < 0) return std::unexpected(explained(code));
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  if (const int code = git_remote_ls(&heads, &count, remote_.get()); code < 0) return std::unexpected(explained(code));
  std::vector<RemoteRef> refs;
  refs.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    refs.push_back(
        {heads[i]->name, git::hex(heads[i]->oid), heads[i]->symref_target == nullptr ? "" : heads[i]->symref_target});
  }
  return refs;
}

int ServerTransfer::fetch(const std::vector<std::string>& specs, int depth) {
  auto options = git::options(git_fetch_options_init);
  options.callbacks = callbacks();
  options.proxy_opts = proxy();
  options.depth = depth;
  options.download_tags = depth == 0 ? GIT_REMOTE_DOWNLOAD_TAGS_ALL : GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  const StringArray wanted(specs);
  return git_remote_download(remote_.get(), &wanted.array, &options);
}

Result<void> ServerTransfer::download(const std::vector<std::string>& specs, int depth) {
  int code = fetch(specs, depth);
  if (code < 0 && is_full_sha(specs.back())) {
    const bool refuses = git::last_failure(code).message.contains("cannot fetch a specific object");
    if (!refuses && git::last_failure(code).message.contains("not our ref") && depth != 0) {
      return fail(Errc::NotFound, request_->repo.text + " has no commit " + specs.back() + ", or does not give it out");
    }
    if (refuses || depth == 0) code = fetch_whole();
  }
  if (code < 0) return std::unexpected(explained(code));
  return {};
}

/// Not every server gives a commit that no ref points to. Its whole history has the commit, if anything has.
int ServerTransfer::fetch_whole() {
  progress_->note("the server does not give single commits: fetching the whole history");
  git_remote_disconnect(remote_.get());
  if (const int code = connect(); code < 0) return code;
  return fetch({"+refs/heads/*:refs/remotes/origin/*"}, 0);
}

std::unique_ptr<Transfer> make_transfer(git_repository* repository, const CloneRequest& request, Progress& progress) {
  if (request.repo.kind == RepoUrl::Kind::Local) return std::make_unique<LocalTransfer>(repository, request, progress);
  return std::make_unique<ServerTransfer>(repository, request, progress);
}

}  // namespace axon
