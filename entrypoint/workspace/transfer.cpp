#include "entrypoint/workspace/transfer.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include "entrypoint/workspace/beneath.hpp"
#include "entrypoint/workspace/credential.hpp"
#include "entrypoint/workspace/ssh.hpp"
#include "http/proxy.hpp"
#include "http/url.hpp"

namespace axon {
ServerTransfer::ServerTransfer(git_repository* repository, const CloneRequest& request, Progress& progress)
    : repository_(repository), request_(&request), progress_(&progress) {
  if (request.repo.kind == RepoUrl::Kind::Ssh) ssh_said_ = Descriptor(memfd_create("ssh", MFD_CLOEXEC));
  if (request.repo.kind != RepoUrl::Kind::Http) return;
  if (const Result<http::Url> url = http::parse_url(request.repo.text)) {
    proxy_url_ = http::proxy_for(*url, request.environment);
  }
}

int ServerTransfer::on_credentials(git_credential** out, const char* url, const char*, unsigned allowed, void* self) {
  auto& transfer = *static_cast<ServerTransfer*>(self);
  const Result<http::Url> asking = http::parse_url(url);  // after a redirect not the repository's own
  // libgit2 asks again for as long as it is given an answer.
  if (!asking || ++transfer.access_.asked > 1 || (allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) == 0) return GIT_EAUTH;
  const std::optional<Credential> credential = credential_for(*transfer.request_, *asking);
  if (!credential) return GIT_EAUTH;
  transfer.access_.offered = true;
  const std::string password(credential->password.reveal());
  return git_credential_userpass_plaintext_new(out, credential->user.c_str(), password.c_str());
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
  if (!ssh_said_) return git_remote_connect_ext(remote_.get(), GIT_DIRECTION_FETCH, &options);
  const Descriptor before(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3));
  dup2(ssh_said_.get(), STDERR_FILENO);
  const int code = git_remote_connect_ext(remote_.get(), GIT_DIRECTION_FETCH, &options);
  dup2(before.get(), STDERR_FILENO);
  return code;
}

Error ServerTransfer::explained(int code) {
  if (ssh_said_) {
    git_remote_disconnect(remote_.get());  // it has ended when this returns
    lseek(ssh_said_.get(), 0, SEEK_SET);
    const std::string said = read_to_end(ssh_said_.get(), std::size_t{1} << 20U, "what ssh said").value_or("");
    return explain_ssh(said, request_->repo, find_ssh_files(request_->environment));
  }
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
  const git::StringArray wanted(specs);
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
