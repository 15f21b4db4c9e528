#include "cli/host.hpp"

#include <unistd.h>

#include <filesystem>

#include "cli/child.hpp"
#include "cli/installation.hpp"
#include "cli/text.hpp"

namespace axon::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWithout =
    "; or run without isolation by --sandbox none: then the agent can read and change all that you can";

}  // namespace

Environment caller_environment() {
  Environment env;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (const std::size_t equals = text.find('='); equals != std::string::npos) {
      env.try_emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return env;
}

std::string value_of(const Environment& env, const std::string& name) {
  const auto found = env.find(name);
  return found == env.end() ? "" : found->second;
}

Result<std::string> find_entrypoint(const Environment& env) {
  std::error_code error;
  if (const std::string given = value_of(env, "AXON_ENTRYPOINT"); !given.empty()) {
    const std::string found = find_program(fs::absolute(given, error).string(), "");
    if (!found.empty()) return fs::canonical(found, error).string();
    return fail(Errc::NotFound, "AXON_ENTRYPOINT: " + given + " is no executable file");
  }
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  std::string found = find_program((self.parent_path() / "axon-entrypoint").string(), "");
  if (found.empty()) found = find_program("axon-entrypoint", value_of(env, "PATH"));
  if (!found.empty()) return fs::canonical(found, error).string();
  return fail(Errc::NotFound, "axon-entrypoint is neither beside " + self.string() +
                                  " nor in PATH; install it there, or name it by AXON_ENTRYPOINT");
}

SandboxSpec host_sandbox(const std::string& path) {
  SandboxSpec spec;
  spec.bwrap = find_program("bwrap", path);
  if (spec.bwrap.empty()) spec.bwrap = find_program("bwrap", "/usr/local/bin:/usr/bin:/bin");
  for (const char* directory : {"/usr", "/opt", "/nix", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
    std::error_code error;
    if (fs::is_symlink(directory, error)) {
      spec.links.emplace_back(directory, fs::read_symlink(directory, error).string());
    } else if (fs::is_directory(directory, error)) {
      spec.system.emplace_back(directory);
    }
  }
  return spec;
}

Result<void> check_sandbox(const SandboxSpec& host) {
  if (host.bwrap.empty()) {
    return fail(Errc::NotFound,
                "bubblewrap (bwrap), which isolates the agent, is not installed; install the package bubblewrap" +
                    std::string(kWithout));
  }
  SandboxSpec probe = host;
  probe.command = {"/bin/sh", "-c", ":"};
  std::string said;
  const Result<ChildEnd> end = run_quietly(sandbox_argv(probe), said);
  if (!end) return std::unexpected(end.error());
  if (end->exit_code == 0) return {};
  return fail(
      Errc::PermissionDenied,
      "bubblewrap cannot make a sandbox here: " + one_line(said, 300) +
          "; allow unprivileged user namespaces on this machine (in a container: start that one with more rights)" +
          kWithout);
}

}  // namespace axon::cli
