// bench-launch COUNT PROGRAM ARGS…: starts the program COUNT times, one after another, with the time of the start in
// BENCH_START. stdout of the program goes to /dev/null, so that only starting is measured.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: bench-launch COUNT PROGRAM ARGS…\n", stderr);
    return 2;
  }
  for (int i = 0; i < std::atoi(argv[1]); ++i) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      const int null = ::open("/dev/null", O_WRONLY);
      ::dup2(null, 1);
      ::dup2(null, 2);
      timespec time{};
      ::clock_gettime(CLOCK_MONOTONIC, &time);
      ::setenv("BENCH_START", std::to_string(time.tv_sec * 1'000'000'000LL + time.tv_nsec).c_str(), 1);
      ::execvp(argv[2], argv + 2);
      ::_exit(127);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
      std::fprintf(stderr, "bench-launch: %s ended with status %d\n", argv[2], status);
      return 1;
    }
  }
}
