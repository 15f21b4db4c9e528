// The program of the sandbox image: holds a Pod's namespaces, and reaps what is left to it as PID 1.

#include <csignal>

#include <sys/wait.h>

int main() {
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGINT);
  sigaddset(&awaited, SIGTERM);
  sigaddset(&awaited, SIGCHLD);
  sigprocmask(SIG_BLOCK, &awaited, nullptr);
  for (int signal = 0; sigwait(&awaited, &signal) == 0 && signal == SIGCHLD;) {
    while (waitpid(-1, nullptr, WNOHANG) > 0) {
    }
  }
  return 0;
}
