#include "entrypoint/workspace/workspace.hpp"

#include <sys/statvfs.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/json_text.hpp"
#include "entrypoint/workspace/beneath.hpp"
#include "entrypoint/workspace/child.hpp"
#include "entrypoint/workspace/clone.hpp"
#include "entrypoint/workspace/explain.hpp"
#include "entrypoint/workspace/own_program.hpp"
#include "entrypoint/workspace/ssh.hpp"
#include "entrypoint/workspace/target.hpp"

namespace axon {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

/// The child is killed this much later than libgit2 should have noticed: its own message says more.
constexpr std::chrono::seconds kStallSlack{3};

std::string to_answer(const Result<Checkout>& checkout) {
  if (checkout) return json({{"branch", checkout->branch}, {"commit", checkout->commit}}).dump();
  const json object = {{"code", static_cast<int>(checkout.error().code)}, {"message", checkout.error().message}};
  return json_text(object);
}

Result<Checkout> from_answer(const std::string& answer) {
  const json object = json::parse(answer, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return fail(Errc::Internal, "the clone ended without an answer");
  if (object.contains("message")) return fail(static_cast<Errc>(object.value("code", 0)), object.value("message", ""));
  return Checkout{object.value("branch", ""), object.value("commit", "")};
}

bool is_full(const std::string& directory) {
  struct statvfs status{};
  return statvfs(directory.c_str(), &status) == 0 && status.f_bavail * status.f_frsize < (1U << 20U);
}

Result<Checkout> to_checkout(const ChildEnd& end, const CloneRequest& request, const WorkspaceLimits& limits) {
  switch (end.kind) {
    case ChildEnd::Kind::Answered:
      return from_answer(end.answer);
    case ChildEnd::Kind::Stalled:
      return fail(Errc::TimedOut, request.repo.text + " sent nothing for " + std::to_string(limits.stall.count()) +
                                      " s; the clone was given up");
    case ChildEnd::Kind::TimedOut:
      return fail(Errc::TimedOut, "the clone of " + request.repo.text + " took longer than " +
                                      std::to_string(limits.overall.count()) + " s and was given up");
    case ChildEnd::Kind::Interrupted:
      return fail(Errc::Internal, std::string(kInterrupted));
    case ChildEnd::Kind::Died:
      break;
  }
  // libgit2 writes packs through a memory map: where no block is left, that is a signal and not an error.
  if (is_full(request.directory)) return fail(Errc::NoSpace, disk_full(request.directory));
  if (end.signal == SIGKILL) {
    return fail(Errc::Internal, "the clone was killed; if that was for memory, raise the container's memory limit");
  }
  return fail(Errc::Internal, "the clone broke off (signal " + std::to_string(end.signal) + ")");
}

/// Decides between a new clone and an earlier one, and makes the directory ready for it.
Result<bool> prepare_directory(const std::string& directory, const RepoUrl& repo,
                               const std::function<void(const std::string&)>& say) {
  if (Result<void> made = make_directories(directory); !made) return std::unexpected(made.error());
  switch (target_state(directory, repo.text)) {
    case TargetState::Empty:
      return false;
    case TargetState::Unfinished:
      say("removing the unfinished clone of an earlier try from " + directory);
      clear_directory(directory);
      return false;
    case TargetState::Clone:
      return true;
    case TargetState::Foreign:
      break;
  }
  return fail(Errc::InvalidInput, directory + " is not empty and holds no clone of " + repo.text +
                                      ": name an empty directory, or remove what is there");
}

std::string describe(const CloneRequest& request) {
  const bool whole = request.depth == 0 || request.repo.kind == RepoUrl::Kind::Local;
  return request.repo.text + " (ref " + (request.ref.empty() ? "default" : request.ref) + ", " +
         (whole ? "whole history" : "depth " + std::to_string(request.depth)) + ")";
}

std::string describe(const Checkout& checkout, Clock::duration took) {
  std::array<char, 32> seconds{};
  std::snprintf(seconds.data(), seconds.size(), "%.1f", std::chrono::duration<double>(took).count());
  if (checkout.commit.empty()) return "the repository is empty; on branch " + checkout.branch;
  const std::string commit = checkout.commit.substr(0, 7);
  return "checked out " + (checkout.branch.empty() ? commit : checkout.branch + " at " + commit) + " in " +
         seconds.data() + " s";
}

Result<Checkout> clone_in_child(const CloneRequest& request, const WorkspaceLimits& limits,
                                const std::function<void(const std::string&)>& say) {
  const auto work = [&](int output) {
    Progress progress(output);
    return to_answer(clone_repository(request, progress));
  };
  ChildLimits child_limits{limits.stall, limits.overall};
  if (limits.stall.count() > 0) child_limits.stall += kStallSlack;
  const ChildEnd end = run_in_child(work, child_limits, say);
  Result<Checkout> checkout = to_checkout(end, request, limits);
  if (!checkout && !request.existing && target_state(request.directory, "") == TargetState::Unfinished) {
    clear_directory(request.directory);
  }
  return checkout;
}

Result<void> write_files(const WorkspaceSource& workspace, const std::function<void(const std::string&)>& say) {
  for (const InjectedFile& file : workspace.files) {
    if (Result<void> written = write_beneath(workspace.path, file.path, file.content); !written) return written;
  }
  if (!workspace.files.empty()) {
    say("wrote " + std::to_string(workspace.files.size()) + (workspace.files.size() == 1 ? " file" : " files"));
  }
  return {};
}

}  // namespace

Result<void> make_workspace(const WorkspaceSource& workspace, const std::string& branch, const WorkspaceLimits& limits,
                            const Environment& environment, const std::function<void(const std::string&)>& say) {
  Result<RepoUrl> repo = parse_repo_url(workspace.repo);
  if (!repo) return std::unexpected(std::move(repo).error());
  if (const std::string problem = ssh_problem(*repo, environment); !problem.empty()) {
    return fail(Errc::NotFound, problem);
  }
  const Result<bool> existing = prepare_directory(workspace.path, *repo, say);
  if (!existing) return std::unexpected(existing.error());
  CloneRequest request{.repo = *repo,
                       .ref = workspace.ref,
                       .branch = branch,
                       .directory = workspace.path,
                       .depth = workspace.depth,
                       .existing = *existing,
                       .lfs = workspace.lfs,
                       .filter = workspace.filter,
                       .sparse = workspace.sparse,
                       .token = find_token(repo->host, environment),
                       .credential_helper = own_command("git-credential"),
                       .ssh_command = git_ssh_command(environment),
                       .stall = limits.stall,
                       .environment = environment};
  const Clock::time_point started = Clock::now();
  say((*existing ? "updating the clone of " : "cloning ") + describe(request));
  const Result<Checkout> checkout = clone_in_child(request, limits, say);
  if (!checkout) return std::unexpected(checkout.error());
  say(describe(*checkout, Clock::now() - started));
  return write_files(workspace, say);
}

}  // namespace axon
