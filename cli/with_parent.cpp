#include "cli/with_parent.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace axon::cli {

std::vector<std::string> with_parent(const std::vector<std::string>& argv) {
  std::vector<std::string> wrapped = {"/proc/self/exe", kWithParent, std::to_string(getpid())};
  wrapped.insert(wrapped.end(), argv.begin(), argv.end());
  return wrapped;
}

int exec_with_parent(char** args) {
  if (args[0] == nullptr || args[1] == nullptr) return 2;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != std::atoi(args[0])) return 128 + SIGTERM;  // it died before we could ask
  execv(args[1], args + 1);
  return errno == ENOENT ? 127 : 126;
}

}  // namespace axon::cli
