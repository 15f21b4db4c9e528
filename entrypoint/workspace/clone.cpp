#include "entrypoint/workspace/clone.hpp"

#include <cstdlib>

#include "entrypoint/workspace/checkout.hpp"
#include "entrypoint/workspace/fetch.hpp"
#include "entrypoint/workspace/git_program.hpp"
#include "entrypoint/workspace/lfs/smudge.hpp"
#include "entrypoint/workspace/submodules.hpp"
#include "entrypoint/workspace/target.hpp"
#include "entrypoint/workspace/transfer.hpp"
#include "http/trust.hpp"

namespace axon {
namespace {

constexpr int kConnectMilliseconds = 30'000;
constexpr std::size_t kPackWindow = std::size_t{32} << 20U;  // of a pack, mapped at once; else it is a gigabyte

/// OpenSSL, as libgit2 uses it, takes the place of the authorities from these two variables when libgit2 starts.
/// Reading a bundle costs 20 ms, which a clone without TLS saves.
Result<void> choose_authorities(const CloneRequest& request) {
  http::TrustStore trust;
  if (request.repo.scheme == "https") {
    Result<http::TrustStore> found = http::find_trust_store(request.environment);
    if (!found) return std::unexpected(std::move(found).error());
    trust = *std::move(found);
  }
  setenv("SSL_CERT_FILE", trust.file.empty() ? "/dev/null" : trust.file.c_str(), 1);
  setenv("SSL_CERT_DIR", trust.directory.empty() ? "/dev/null" : trust.directory.c_str(), 1);
  return {};
}

/// libgit2 knows GIT_SSH only, and hands it to a shell as git does GIT_SSH_COMMAND.
void choose_ssh(const CloneRequest& request) {
  const std::string own = value_of(request.environment, "GIT_SSH_COMMAND");
  const std::string& command = request.ssh_command.empty() ? own : request.ssh_command;
  if (!command.empty()) setenv("GIT_SSH", command.c_str(), 1);
}

Result<void> start_libgit2(const CloneRequest& request) {
  if (Result<void> chosen = choose_authorities(request); !chosen) return chosen;
  choose_ssh(request);
  if (const int code = git_libgit2_init(); code < 0) return git::failed("start libgit2", code);
  git_libgit2_opts(GIT_OPT_SET_USER_AGENT, "axon/" AXON_VERSION);
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);  // the volume may belong to any user
  // Every object was hashed when its pack was indexed, just now: not again for the checkout.
  git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, kPackWindow);
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, kPackWindow * 4);
  git_libgit2_opts(GIT_OPT_SET_SERVER_CONNECT_TIMEOUT, kConnectMilliseconds);
  git_libgit2_opts(GIT_OPT_SET_SERVER_TIMEOUT, static_cast<int>(request.stall.count()) * 1000);
  return {};
}

Result<git::Repository> open_existing(const CloneRequest& request) {
  git::Repository repository;
  const int code =
      git::make(repository, git_repository_open_ext, request.directory.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
  if (code < 0) return git::failed("open the clone at " + request.directory, code);
  return repository;
}

Result<git::Repository> make_new(const CloneRequest& request) {
  git::Repository repository;
  auto options = git::options(git_repository_init_options_init);
  options.flags = GIT_REPOSITORY_INIT_MKPATH;
  int code = git::make(repository, git_repository_init_ext, request.directory.c_str(), &options);
  if (code < 0) return git::failed("make a repository at " + request.directory, code);
  if (Result<void> begun = begin_clone(request.directory); !begun) return std::unexpected(begun.error());
  git::Remote remote;
  code = git::make(remote, git_remote_create, repository.get(), "origin", request.repo.text.c_str());
  if (code < 0) return git::failed("name the remote", code);
  return repository;
}

std::string without_slash(const char* path) {
  std::string text = path;
  while (text.ends_with('/')) text.pop_back();
  return text;
}

lfs::Target lfs_target(git_repository* repository) {
  return {without_slash(git_repository_workdir(repository)), without_slash(git_repository_path(repository)),
          without_slash(git_repository_commondir(repository)) + "/lfs"};
}

lfs::Attributes lfs_attributes(git_repository* repository) {
  return [repository](const std::vector<std::string>& paths) -> Result<std::vector<std::string>> {
    std::vector<std::string> filtered;
    for (const std::string& path : paths) {
      const char* value = nullptr;
      const int code = git_attr_get(&value, repository, GIT_ATTR_CHECK_FILE_THEN_INDEX, path.c_str(), "filter");
      if (code < 0) return git::failed("the attributes of " + path, code);
      if (git_attr_value(value) == GIT_ATTR_VALUE_STRING && std::string_view(value) == "lfs") filtered.push_back(path);
    }
    return filtered;
  };
}

}  // namespace

Result<Fetched> fetch(git_repository* repository, const CloneRequest& request, Progress& progress) {
  const std::unique_ptr<Transfer> transfer = make_transfer(repository, request, progress);
  Result<std::vector<RemoteRef>> refs = transfer->list();
  if (!refs) return std::unexpected(std::move(refs).error());
  progress.alive();
  Result<Start> start = choose_start(*refs, request.ref);
  if (!start) return std::unexpected(std::move(start).error());
  const bool whole = request.depth == 0 || transfer->always_whole();
  const RemoteRef* task_branch = find_branch(*refs, request.branch);
  const std::vector<std::string> specs = refspecs(*start, task_branch, whole);
  if (!specs.empty()) {
    if (Result<void> done = transfer->download(specs, whole ? 0 : request.depth); !done) {
      return std::unexpected(std::move(done).error());
    }
  }
  std::vector<RemoteRef> tracked = tracked_refs(*refs, *start, task_branch, whole);
  git_oid previous{};
  const std::string tracking = "refs/remotes/origin/" + branch_to_check_out(request, *start);
  const bool known = git_reference_name_to_id(&previous, repository, tracking.c_str()) == 0;
  return Fetched{*std::move(refs), std::move(tracked), *std::move(start), known ? git::hex(previous) : ""};
}

Result<Checkout> fill_repository(git_repository* repository, const CloneRequest& request, Progress& progress) {
  const Result<Fetched> fetched = fetch(repository, request, progress);
  if (!fetched) return std::unexpected(fetched.error());
  if (Result<void> stored = store_refs(repository, request, *fetched); !stored) {
    return std::unexpected(std::move(stored).error());
  }
  Result<Checkout> checkout = check_out(repository, request, *fetched, progress);
  if (!checkout) return checkout;
  if (Result<void> configured = configure(repository, request); !configured) {
    return std::unexpected(std::move(configured).error());
  }
  if (checkout->commit.empty()) return checkout;
  if (Result<void> smudged = lfs::smudge(request, lfs_target(repository), lfs_attributes(repository), progress);
      !smudged) {
    return std::unexpected(std::move(smudged).error());
  }
  return checkout;
}

namespace {

Result<Checkout> clone_by_libgit2(const CloneRequest& request, Progress& progress) {
  if (Result<void> started = start_libgit2(request); !started) return std::unexpected(std::move(started).error());
  Result<git::Repository> repository = request.existing ? open_existing(request) : make_new(request);
  if (!repository) return std::unexpected(std::move(repository).error());
  Result<Checkout> checkout = fill_repository(repository->get(), request, progress);
  if (!checkout) return checkout;
  if (!checkout->commit.empty()) add_submodules(repository->get(), request, progress);
  end_clone(request.directory);
  return checkout;
}

}  // namespace

Result<Checkout> clone_repository(const CloneRequest& request, Progress& progress) {
  if (const std::string why = needs_git(request); !why.empty()) return clone_by_git(request, why, progress);
  Result<Checkout> checkout = clone_by_libgit2(request, progress);
  if (checkout || !is_other_hash(checkout.error())) return checkout;
  if (!request.existing) clear_directory(request.directory);
  return clone_by_git(request, "this kind of repository (" + checkout.error().message + ")", progress);
}

}  // namespace axon
