#include "entrypoint/gh.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "core/contract.hpp"
#include "entrypoint/path_search.hpp"
#include "entrypoint/token.hpp"

namespace axon {
namespace {

/// Also a copy of this program in another place: two of them would run each other for ever.
bool is_this_program(const std::string& candidate) {
  struct stat own{};
  struct stat other{};
  if (stat("/proc/self/exe", &own) == 0 && stat(candidate.c_str(), &other) == 0 && own.st_dev == other.st_dev &&
      own.st_ino == other.st_ino) {
    return true;
  }
  std::error_code failed;
  return std::filesystem::canonical(candidate, failed).filename() == "axon-entrypoint";
}

/// gh reads one of two variables, by the host it talks to.
void set_token(const Environment& environment) {
  std::string host = value_of(environment, contract::env::kGhHost);
  if (host.empty()) host = "github.com";
  const Result<Token> token = find_token(host, environment);
  if (!token) return;
  const std::string name(is_github_cloud(host) ? contract::env::kGhToken : contract::env::kGhEnterpriseToken);
  setenv(name.c_str(), std::string(token->value.reveal()).c_str(), 1);
}

}  // namespace

std::string find_real_gh(const std::string& path) {
  return find_program("gh", path, [](const std::string& candidate) { return !is_this_program(candidate); });
}

int gh_command(std::span<const std::string> args) {
  const Environment environment = current_environment();
  const std::string program = find_real_gh(value_of(environment, "PATH"));
  if (program.empty()) {
    std::fputs("gh: the GitHub CLI is not installed in this image\n", stderr);
    return contract::exit_code::kAgentNotFound;
  }
  set_token(environment);
  std::vector<std::string> words(args.begin(), args.end());
  words.insert(words.begin(), "gh");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(program.c_str(), argv.data());
  std::fprintf(stderr, "gh: cannot run %s: %s\n", program.c_str(), std::strerror(errno));
  return contract::exit_code::kCannotExecute;
}

}  // namespace axon
