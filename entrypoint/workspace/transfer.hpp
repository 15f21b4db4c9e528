// Talks to the repository that is cloned: lists its refs, then fetches objects. One class for servers, one for paths.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "entrypoint/descriptor.hpp"
#include "entrypoint/workspace/clone.hpp"
#include "entrypoint/workspace/explain.hpp"
#include "entrypoint/workspace/git.hpp"
#include "entrypoint/workspace/refs.hpp"

namespace axon {

class Transfer {
 public:
  virtual ~Transfer() = default;

  /// Every ref of the repository. Once, before download().
  virtual Result<std::vector<RemoteRef>> list() = 0;

  /// Brings the objects of `specs` into the clone; depth 0 is the whole history. Refs are left to the caller.
  virtual Result<void> download(const std::vector<std::string>& specs, int depth) = 0;

  /// True where the whole history always comes.
  [[nodiscard]] virtual bool always_whole() const = 0;
};

/// For http, ssh and git URLs. All arguments are kept by reference.
class ServerTransfer : public Transfer {
 public:
  ServerTransfer(git_repository* repository, const CloneRequest& request, Progress& progress);

  Result<std::vector<RemoteRef>> list() override;
  Result<void> download(const std::vector<std::string>& specs, int depth) override;
  [[nodiscard]] bool always_whole() const override { return false; }

 private:
  static int on_credentials(git_credential** out, const char* url, const char* user, unsigned allowed, void* self);
  static int on_transfer(const git_indexer_progress* stats, void* self);
  static int on_message(const char* text, int size, void* self);

  int connect();
  int fetch(const std::vector<std::string>& specs, int depth);
  int fetch_whole();
  git_remote_callbacks callbacks();
  git_proxy_options proxy();
  Error explained(int code);

  git_repository* repository_;
  const CloneRequest* request_;
  Progress* progress_;
  Access access_;
  std::optional<std::string> proxy_url_;
  Descriptor ssh_said_;  // what an ssh that libgit2 starts writes to stderr
  git::Remote remote_;
};

/// For a path on this machine.
class LocalTransfer : public Transfer {
 public:
  LocalTransfer(git_repository* repository, const CloneRequest& request, Progress& progress);

  Result<std::vector<RemoteRef>> list() override;
  Result<void> download(const std::vector<std::string>& specs, int depth) override;
  [[nodiscard]] bool always_whole() const override { return true; }

 private:
  git_repository* repository_;
  const CloneRequest* request_;
  Progress* progress_;
  git::Repository source_;
};

std::unique_ptr<Transfer> make_transfer(git_repository* repository, const CloneRequest& request, Progress& progress);

}  // namespace axon
