#include "entrypoint/workspace/git_program.hpp"

#include <algorithm>

#include "entrypoint/path_search.hpp"
#include "entrypoint/workspace/beneath.hpp"
#include "entrypoint/workspace/checkout.hpp"
#include "entrypoint/workspace/git_lfs.hpp"
#include "entrypoint/workspace/git_runner.hpp"
#include "entrypoint/workspace/target.hpp"

namespace axon {
namespace {

Result<void> run_all(GitRunner& git, const std::vector<std::vector<std::string>>& commands) {
  for (const std::vector<std::string>& words : commands) {
    if (const Result<std::string> done = git.run(words); !done) return std::unexpected(done.error());
  }
  return {};
}

/// A repository with the remote's kind of hashes and nothing in it.
Result<void> make_repository(GitRunner& git, const CloneRequest& request, const std::vector<RemoteRef>& refs) {
  if (request.existing) return {};
  const bool sha256 = !refs.empty() && refs.front().oid.size() == 64;
  if (const Result<std::string> made =
          git.run({"init", "--quiet", sha256 ? "--object-format=sha256" : "--object-format=sha1"});
      !made) {
    return std::unexpected(made.error());
  }
  if (Result<void> begun = begin_clone(request.directory); !begun) return begun;
  const std::string origin = credential_origin(request.repo);
  std::vector<std::vector<std::string>> commands = {
      {"config", "remote.origin.url", request.repo.text},
      {"config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"}};
  if (!origin.empty() && !request.credential_helper.empty()) {
    commands.push_back({"config", "credential." + origin + ".helper", request.credential_helper});
  }
  if (!request.ssh_command.empty()) {
    commands.push_back({"config", "core.sshCommand", request.ssh_command});
    commands.push_back({"config", "ssh.variant", "ssh"});
  }
  return run_all(git, commands);
}

std::vector<std::string> fetch_words(const CloneRequest& request, const std::vector<std::string>& specs, bool whole) {
  std::vector<std::string> words = {"fetch", "--progress", "--no-recurse-submodules"};
  words.emplace_back(whole ? "--tags" : "--no-tags");
  if (!whole) words.push_back("--depth=" + std::to_string(request.depth));
  if (!request.filter.empty()) words.push_back("--filter=" + request.filter);
  words.insert(words.end(), {"--", "origin"});
  words.insert(words.end(), specs.begin(), specs.end());
  return words;
}

Result<void> set_remote_head(GitRunner& git, const std::vector<RemoteRef>& refs,
                             const std::vector<RemoteRef>& tracked) {
  const auto head = std::ranges::find(refs, "HEAD", &RemoteRef::name);
  if (head == refs.end() || head->symref.empty()) return {};
  const std::string target = "refs/remotes/origin/" + branch_of(head->symref);
  if (std::ranges::find(tracked, target, &RemoteRef::name) == tracked.end()) return {};
  return run_all(git, {{"symbolic-ref", "refs/remotes/origin/HEAD", target}});
}

/// As tip_of() of the other way: a local branch with commits of its own stays where it is.
std::string tip_of(GitRunner& git, const std::string& branch, const std::string& tip, const std::string& previous) {
  const std::string local = git.line({"rev-parse", "--verify", "--quiet", "refs/heads/" + branch});
  if (local.empty() || local == previous) return tip;
  return git.run({"merge-base", "--is-ancestor", local, tip}) ? tip : local;
}

Result<Checkout> check_out(GitRunner& git, const CloneRequest& request, const std::vector<RemoteRef>& refs,
                           const Start& start, const std::string& previous) {
  std::string branch = branch_to_check_out(request, start);
  if (start.kind == Start::Kind::Unborn) {
    if (branch.empty()) branch = "main";
    const Result<std::string> set = git.run({"symbolic-ref", "HEAD", "refs/heads/" + branch});
    return set ? Result<Checkout>(Checkout{branch, ""}) : std::unexpected(set.error());
  }
  const RemoteRef* upstream = find_branch(refs, branch);
  std::string commit = upstream != nullptr ? upstream->oid : start.commit;
  if (!request.sparse.empty()) {
    std::vector<std::string> words = {"sparse-checkout", "set", "--cone", "--"};
    words.insert(words.end(), request.sparse.begin(), request.sparse.end());
    if (const Result<std::string> done = git.run(words); !done) return std::unexpected(done.error());
  }
  std::vector<std::vector<std::string>> commands;
  if (branch.empty()) {
    commands.push_back({"checkout", "--progress", "--detach", commit});
  } else {
    commit = tip_of(git, branch, commit, previous);
    commands.push_back({"checkout", "--progress", "--no-track", "-B", branch, commit});
  }
  if (upstream != nullptr) {
    commands.push_back({"config", "branch." + branch + ".remote", "origin"});
    commands.push_back({"config", "branch." + branch + ".merge", "refs/heads/" + branch});
  }
  if (Result<void> done = run_all(git, commands); !done) return std::unexpected(std::move(done).error());
  return Checkout{branch, git.line({"rev-parse", "HEAD"})};
}

Result<std::vector<RemoteRef>> list(GitRunner& git, const CloneRequest& request) {
  const Result<std::string> listed = git.run({"ls-remote", "--symref", "--", request.repo.location});
  if (!listed) return std::unexpected(listed.error());
  return parse_ls_remote(*listed);
}

}  // namespace

std::string needs_git(const CloneRequest& request) {
  if (!request.filter.empty()) return "a partial clone (filter: " + request.filter + ")";
  if (!request.sparse.empty()) return "a sparse checkout";
  return "";
}

bool is_other_hash(const Error& error) {
  return error.message.contains("object format 'sha256'") ||
         error.message.contains("unsupported extension name extensions.");
}

std::vector<RemoteRef> parse_ls_remote(std::string_view text) {
  std::vector<RemoteRef> refs;
  std::string head;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    const std::string name(line.substr(tab + 1));
    if (line.starts_with("ref: ")) {
      if (name == "HEAD") head = line.substr(5, tab - 5);
      continue;
    }
    refs.push_back({name, std::string(line.substr(0, tab)), name == "HEAD" ? head : ""});
  }
  return refs;
}

std::vector<std::string> git_settings(const CloneRequest& request) {
  std::vector<std::string> settings = {"safe.directory=*",   "advice.detachedHead=false",
                                       "gc.auto=0",          "maintenance.auto=false",
                                       "protocol.version=2", "core.hooksPath=/dev/null"};
  if (request.stall.count() > 0) {
    settings.emplace_back("http.lowSpeedLimit=1");
    settings.push_back("http.lowSpeedTime=" + std::to_string(request.stall.count()));
  }
  const std::string origin = credential_origin(request.repo);
  if (!origin.empty() && !request.credential_helper.empty()) {
    settings.push_back("credential." + origin + ".helper=" + request.credential_helper);
  }
  std::vector<std::string> words;
  for (const std::string& setting : settings) words.insert(words.end(), {"-c", setting});
  return words;
}

Result<Checkout> clone_by_git(const CloneRequest& request, const std::string& why, Progress& progress) {
  const std::string program =
      find_program("git", value_of(request.environment, "PATH"), [](const std::string&) { return true; });
  if (program.empty()) {
    return fail(Errc::NotFound, why +
                                    " needs a git program, and there is none in PATH: prepare the workspace in an "
                                    "image that has git, or do without");
  }
  progress.note("by " + program + ", for " + why);
  GitRunner git(program, request, progress);
  const Result<std::vector<RemoteRef>> refs = list(git, request);
  if (!refs) return std::unexpected(refs.error());
  const Result<Start> start = choose_start(*refs, request.ref);
  if (!start) return std::unexpected(start.error());
  if (Result<void> made = make_repository(git, request, *refs); !made) return std::unexpected(std::move(made).error());
  const RemoteRef* task_branch = find_branch(*refs, request.branch);
  const bool whole = request.depth == 0 || request.repo.kind == RepoUrl::Kind::Local;
  const std::string previous =
      git.line({"rev-parse", "--verify", "--quiet", "refs/remotes/origin/" + branch_to_check_out(request, *start)});
  const std::vector<std::string> specs = refspecs(*start, task_branch, whole);
  if (!specs.empty()) {
    if (const Result<std::string> done = git.run(fetch_words(request, specs, whole)); !done)
      return std::unexpected(done.error());
  }
  if (Result<void> set = set_remote_head(git, *refs, tracked_refs(*refs, *start, task_branch, whole)); !set) {
    return std::unexpected(std::move(set).error());
  }
  Result<Checkout> checkout = check_out(git, request, *refs, *start, previous);
  if (!checkout || checkout->commit.empty()) return end_clone(request.directory), checkout;
  if (const Result<std::string> done = git.run({"submodule", "--quiet", "update", "--init", "--recursive"}); !done) {
    progress.note("submodules are left out: " + done.error().message);
  }
  if (Result<void> smudged = smudge_by_git(program, request, progress); !smudged) {
    return std::unexpected(std::move(smudged).error());
  }
  end_clone(request.directory);
  return checkout;
}

}  // namespace axon
