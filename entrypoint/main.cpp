// axon-entrypoint: one static program for everything that happens inside the Pod. It is also started under the names
// axon_entrypoint.sh (the contract's command: the argument is the prompt) and gh (the wrapper).
#include <sys/resource.h>

#include <cstdio>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/contract.hpp"
#include "entrypoint/capture.hpp"
#include "entrypoint/gh.hpp"
#include "entrypoint/git_credential.hpp"
#include "entrypoint/install.hpp"
#include "entrypoint/run.hpp"
#include "entrypoint/workspace/prepare.hpp"
#include "entrypoint/workspace/ssh.hpp"
#include "http/static_program.hpp"

namespace axon {
namespace {

using Args = std::span<const std::string>;

int run_in_dialect(Args args, const contract::Dialect& dialect) {
  if (args.size() > 1) {
    std::fprintf(stderr, "axon-entrypoint run: expected one argument, the prompt; found %zu. Quote it.\n", args.size());
    return contract::exit_code::kUsage;
  }
  return run_command(args.empty() ? std::nullopt : std::optional(args[0]), dialect);
}

int run_with_args(Args args) { return run_in_dialect(args, contract::kAxonDialect); }

int version_command(Args /*args*/) {
  std::printf("axon-entrypoint %s (contract %s)\n", AXON_VERSION, std::string(contract::kVersion).c_str());
  return 0;
}

struct Subcommand {
  std::string_view name;
  int (*run)(Args);
  std::string_view help;  // empty: not for people
};

int help_command(Args args);

constexpr Subcommand kSubcommands[] = {
    {"run", run_with_args,
     "run [PROMPT]            run the agent: the agent image interface (docs/agent-image-interface.md)"},
    {"prepare", prepare_command, "prepare [--repo URL …]  clone the workspace, write files and plugins"},
    {"capture", capture_command, "capture [--stream FILE] print the block of outputs, for another entrypoint"},
    {"git-credential", git_credential_command, "git-credential get      answer git from the token file"},
    {"ssh", ssh_main, "ssh ARGS…               run the real ssh with the Task's key"},
    {"gh", gh_command, "gh ARGS…                run the real gh with a fresh token"},
    {"install", install_command, "install DIR             copy this program to DIR"},
    {"version", version_command, "version                 print the version"},
    {"pull-requests", [](Args) { return pull_requests_command(); }, ""},
    {"help", help_command, ""},
    {"--help", help_command, ""},
    {"-h", help_command, ""},
    {"--version", version_command, ""},
};

int help_command(Args /*args*/) {
  std::puts("axon-entrypoint: runs an AI coding agent inside its container.\n\nUsage:");
  for (const Subcommand& subcommand : kSubcommands) {
    if (!subcommand.help.empty()) std::printf("  axon-entrypoint %s\n", subcommand.help.data());
  }
  return 0;
}

/// What a crashing process leaves in a core file may hold secrets. One byte is less than any core file has, and unlike
/// 0 it also keeps the kernel from handing the memory to a program (core(5)). An agent that wants one can raise the
/// limit.
void forbid_core_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_max < 1) return;
  limit.rlim_cur = 1;
  ::setrlimit(RLIMIT_CORE, &limit);
}

int dispatch(std::string_view program, Args args) {
  const std::string_view name = program.substr(program.rfind('/') + 1);
  if (name == "gh") return gh_command(args);
  for (const contract::Dialect& dialect : {contract::kAxonDialect, contract::kKelosDialect}) {
    if (name == dialect.entrypoint) return run_in_dialect(args, dialect);
  }
  if (args.empty()) {
    help_command({});
    return contract::exit_code::kUsage;
  }
  for (const Subcommand& subcommand : kSubcommands) {
    if (subcommand.name == args[0]) return subcommand.run(args.subspan(1));
  }
  std::fprintf(stderr, "axon-entrypoint: unknown subcommand \"%s\"; see axon-entrypoint --help\n", args[0].c_str());
  return contract::exit_code::kUsage;
}

}  // namespace
}  // namespace axon

int main(int argc, char** argv) {
  axon::forbid_core_files();
  axon::http::ignore_host_configuration();
  const std::vector<std::string> args(argv + (argc > 0 ? 1 : 0), argv + argc);
  try {
    return axon::dispatch(argc > 0 ? argv[0] : "axon-entrypoint", args);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "axon-entrypoint: internal error: %s\n", e.what());
    return axon::contract::exit_code::kInternal;
  }
}
