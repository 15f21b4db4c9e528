#include "cli/signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace axon::cli {

StopSignals::StopSignals() {
  struct sigaction hangup{};
  sigaction(SIGHUP, nullptr, &hangup);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  if (hangup.sa_handler != SIG_IGN) sigaddset(&set, SIGHUP);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  descriptor_ = Descriptor(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int StopSignals::take() {
  signalfd_siginfo info{};
  while (read(descriptor_.get(), &info, sizeof info) == sizeof info) ++count_;
  return count_;
}

}  // namespace axon::cli
