#include "entrypoint/workspace/checkout.hpp"

#include <algorithm>

#include "entrypoint/workspace/beneath.hpp"
#include "entrypoint/workspace/explain.hpp"
#include "entrypoint/workspace/large_files.hpp"

namespace axon {
namespace {

constexpr const char* kRemoteHead = "refs/remotes/origin/HEAD";

Result<git::Commit> find_commit(git_repository* repository, const std::string& hex) {
  const git_oid oid = git::oid_of(hex);
  git::Object object;
  if (git::make(object, git_object_lookup, repository, &oid, GIT_OBJECT_ANY) < 0) {
    return fail(Errc::NotFound, "the repository has no commit " + hex);
  }
  git_object* peeled = nullptr;
  if (git_object_peel(&peeled, object.get(), GIT_OBJECT_COMMIT) < 0) {
    return fail(Errc::InvalidInput, hex + " is no commit");
  }
  return git::Commit(reinterpret_cast<git_commit*>(peeled));
}

/// The paths whose local changes stand in the way.
int on_conflict(git_checkout_notify_t, const char* path, const git_diff_file*, const git_diff_file*,
                const git_diff_file*, void* payload) {
  auto& paths = *static_cast<std::vector<std::string>*>(payload);
  if (path != nullptr && paths.size() < 3) paths.emplace_back(path);
  return 0;
}

bool is_configured(git_repository* repository, const char* key) {
  git::Config config;
  git::Config snapshot;
  const char* value = nullptr;
  return git::make(config, git_repository_config, repository) == 0 &&
         git::make(snapshot, git_config_snapshot, config.get()) == 0 &&
         git_config_get_string(&value, snapshot.get(), key) == 0;
}

/// Whether a file may have to be changed on its way into the work tree. libgit2 asks anew for each file and resolves
/// its whole path for that, which is most of what a checkout does; most repositories have no attributes at all.
bool may_filter(git_repository* repository, const git_commit* commit) {
  for (const char* key : {"core.autocrlf", "core.eol", "core.attributesfile"}) {
    if (is_configured(repository, key)) return true;
  }
  git_tree* raw = nullptr;
  if (git_commit_tree(&raw, commit) != 0) return true;
  const std::unique_ptr<git_tree, git::Freed<git_tree_free>> tree(raw);
  const auto is_attributes = [](const char*, const git_tree_entry* entry, void*) {
    return std::string_view(git_tree_entry_name(entry)) == ".gitattributes" ? -1 : 0;
  };
  return git_tree_walk(tree.get(), GIT_TREEWALK_PRE, is_attributes, nullptr) != 0;
}

Result<void> check_out_files(git_repository* repository, const git_commit* commit, git_checkout_options& options,
                             Progress& progress) {
  std::vector<std::string> conflicts;
  options.progress_cb = [](const char*, std::size_t done, std::size_t total, void* payload) {
    static_cast<Progress*>(payload)->checking_out(done, total);
  };
  options.progress_payload = &progress;
  options.notify_flags = GIT_CHECKOUT_NOTIFY_CONFLICT;
  options.notify_cb = on_conflict;
  options.notify_payload = &conflicts;
  const auto* tree = reinterpret_cast<const git_object*>(commit);
  const int code = git_checkout_tree(repository, tree, &options);
  if (code == 0) return {};
  if (conflicts.empty()) {
    const std::unexpected<Error> why = git::failed("check out the files", code);
    return why.error().code == Errc::NoSpace ? fail(Errc::NoSpace, disk_full(git_repository_workdir(repository))) : why;
  }
  std::string names;
  for (const std::string& path : conflicts) names += (names.empty() ? "" : ", ") + path;
  return fail(Errc::InvalidInput, "the work tree has changes that the checkout would overwrite: " + names);
}

Result<void> write_files(git_repository* repository, const git_commit* commit, bool existing, Progress& progress) {
  auto options = git::options(git_checkout_options_init);
  if (existing) {
    options.checkout_strategy = GIT_CHECKOUT_SAFE | GIT_CHECKOUT_RECREATE_MISSING;
    return check_out_files(repository, commit, options, progress);
  }
  options.checkout_strategy = GIT_CHECKOUT_FORCE | GIT_CHECKOUT_DISABLE_PATHSPEC_MATCH;
  const bool filters = may_filter(repository, commit);
  options.disable_filters = filters ? 0 : 1;
  Result<TreeFiles> files = list_files(repository, commit);
  if (!files) return std::unexpected(std::move(files).error());
  if (files->large.empty()) return check_out_files(repository, commit, options, progress);
  const auto check_out_some = [&](const std::vector<std::string>& paths) -> Result<void> {
    if (paths.empty()) return {};
    const git::StringArray array(paths);
    options.paths = array.array;
    return check_out_files(repository, commit, options, progress);
  };
  if (Result<void> done = check_out_some(files->others); !done) return done;
  if (filters) {
    const std::vector<std::string> filtered = take_filtered(repository, files->large);
    if (Result<void> done = check_out_some(filtered); !done) return done;
  }
  return write_large_files(repository, files->large, progress);
}

/// What the branch is to point to: the tip that was fetched, unless the local branch has commits of its own. In a
/// shallow clone the old and the new tip have no known connection: there it counts that the branch is where the
/// remote's was.
git_oid tip_of(git_repository* repository, const std::string& branch, const git_oid& tip, const Fetched& fetched) {
  git_oid local{};
  if (git_reference_name_to_id(&local, repository, ("refs/heads/" + branch).c_str()) != 0) return tip;
  if (git::hex(local) == fetched.previous_tip) return tip;
  return git_graph_descendant_of(repository, &tip, &local) == 1 ? tip : local;
}

Result<void> set_upstream(git_repository* repository, const std::string& branch) {
  git::Config config;
  int code = git::make(config, git_repository_config, repository);
  const std::string section = "branch." + branch;
  if (code == 0) code = git_config_set_string(config.get(), (section + ".remote").c_str(), "origin");
  if (code == 0)
    code = git_config_set_string(config.get(), (section + ".merge").c_str(), ("refs/heads/" + branch).c_str());
  if (code < 0) return git::failed("set the upstream of " + branch, code);
  return {};
}

Result<Checkout> check_out_branch(git_repository* repository, const CloneRequest& request, const Fetched& fetched,
                                  const std::string& branch, Progress& progress) {
  const std::string ref = "refs/heads/" + branch;
  int valid = 0;
  if (git_reference_name_is_valid(&valid, ref.c_str()) != 0 || valid == 0) {
    return fail(Errc::InvalidInput, "\"" + branch + "\" is no valid name for a branch");
  }
  const RemoteRef* upstream = find_branch(fetched.remote, branch);
  const Result<git::Commit> start = find_commit(repository, upstream != nullptr ? upstream->oid : fetched.start.commit);
  if (!start) return std::unexpected(start.error());
  const git_oid tip = tip_of(repository, branch, *git_commit_id(start->get()), fetched);
  const Result<git::Commit> commit = find_commit(repository, git::hex(tip));
  if (!commit) return std::unexpected(commit.error());
  if (Result<void> written = write_files(repository, commit->get(), request.existing, progress); !written) {
    return std::unexpected(written.error());
  }
  git::Reference created;
  int code = git::make(created, git_reference_create, repository, ref.c_str(), &tip, 1, "axon: start");
  if (code == 0) code = git_repository_set_head(repository, ref.c_str());
  if (code < 0) return git::failed("set the branch " + branch, code);
  if (upstream != nullptr) {
    if (Result<void> set = set_upstream(repository, branch); !set) return std::unexpected(set.error());
  }
  return Checkout{branch, git::hex(tip)};
}

Result<Checkout> check_out_detached(git_repository* repository, const CloneRequest& request, const Fetched& fetched,
                                    Progress& progress) {
  const Result<git::Commit> commit = find_commit(repository, fetched.start.commit);
  if (!commit) return std::unexpected(commit.error());
  if (Result<void> written = write_files(repository, commit->get(), request.existing, progress); !written) {
    return std::unexpected(written.error());
  }
  const git_oid* oid = git_commit_id(commit->get());
  if (const int code = git_repository_set_head_detached(repository, oid); code < 0)
    return git::failed("set HEAD", code);
  return Checkout{"", git::hex(*oid)};
}

}  // namespace

std::string branch_to_check_out(const CloneRequest& request, const Start& start) {
  if (!request.branch.empty()) return request.branch;
  return start.kind == Start::Kind::Branch ? branch_of(start.ref) : "";
}

Result<void> store_refs(git_repository* repository, const CloneRequest& request, const Fetched& fetched) {
  if (!request.existing) {
    // At once, not file by file: some repositories have thousands.
    const std::string directory = git_repository_commondir(repository);
    Result<void> written = write_beneath(directory, "packed-refs", packed_refs(fetched.tracked));
    if (!written) return written;
  } else {
    for (const RemoteRef& ref : fetched.tracked) {
      const git_oid oid = git::oid_of(ref.oid);
      git::Reference created;
      const int code = git::make(created, git_reference_create, repository, ref.name.c_str(), &oid, 1, "axon: fetch");
      if (code < 0) return git::failed("write " + ref.name, code);
    }
  }
  const auto head = std::ranges::find(fetched.remote, "HEAD", &RemoteRef::name);
  if (head == fetched.remote.end() || !head->symref.starts_with("refs/heads/")) return {};
  const std::string target = "refs/remotes/origin/" + branch_of(head->symref);
  if (std::ranges::find(fetched.tracked, target, &RemoteRef::name) == fetched.tracked.end()) return {};
  git::Reference created;
  const int code =
      git::make(created, git_reference_symbolic_create, repository, kRemoteHead, target.c_str(), 1, nullptr);
  if (code < 0) return git::failed("write " + std::string(kRemoteHead), code);
  return {};
}

Result<Checkout> check_out(git_repository* repository, const CloneRequest& request, const Fetched& fetched,
                           Progress& progress) {
  const Start& start = fetched.start;
  std::string branch = branch_to_check_out(request, start);
  if (start.kind == Start::Kind::Unborn) {
    if (branch.empty()) branch = "main";
    git::Reference head;
    const int code = git::make(head, git_reference_symbolic_create, repository, "HEAD",
                               ("refs/heads/" + branch).c_str(), 1, nullptr);
    if (code < 0) return git::failed("set HEAD", code);
    return Checkout{branch, ""};
  }
  if (branch.empty()) return check_out_detached(repository, request, fetched, progress);
  return check_out_branch(repository, request, fetched, branch, progress);
}

Result<void> configure(git_repository* repository, const CloneRequest& request) {
  std::vector<std::pair<std::string, std::string>> settings;
  const std::string origin = credential_origin(request.repo);
  if (!origin.empty() && !request.credential_helper.empty()) {
    settings.emplace_back("credential." + origin + ".helper", request.credential_helper);
  }
  if (request.repo.kind == RepoUrl::Kind::Ssh && !request.ssh_command.empty()) {
    settings.emplace_back("core.sshCommand", request.ssh_command);
    settings.emplace_back("ssh.variant", "ssh");  // git would run it once more to find out
  }
  git::Config config;
  int code = settings.empty() ? 0 : git::make(config, git_repository_config, repository);
  for (const auto& [key, value] : settings) {
    if (code == 0) code = git_config_set_string(config.get(), key.c_str(), value.c_str());
  }
  if (code < 0) return git::failed("configure the clone", code);
  return {};
}

}  // namespace axon
