// axon: runs AI coding agents. Wires the subcommands; each lies in a file of its own.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/lost_output.hpp"
#include "cli/screen.hpp"
#include "cli/usage_error.hpp"
#include "cli/with_parent.hpp"
#include "http/static_program.hpp"

namespace axon::cli {
namespace {

constexpr int kUsage = 2;
constexpr int kFailed = 1;

int fail_with(const std::string& message, int code) {
  write_line(2, terminal_style(2).red("axon: ") + printable(message));
  return code;
}

/// Where the caller has closed one of the three, the next file or socket would become it, and be written to.
void occupy_standard_descriptors() {
  int descriptor = 0;
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = open("/dev/null", O_RDWR);
  if (descriptor > STDERR_FILENO) close(descriptor);
}

int run(int argc, char** argv) {
  CLI::App program("axon: runs AI coding agents dependably", "axon");
  program.require_subcommand(1);
  program.set_version_flag("--version", "axon " AXON_VERSION);
  const std::vector<Command> commands = {
      add_init(program),    add_run(program),       add_get(program),     add_logs(program),       add_create(program),
      add_delete(program),  add_suspend(program),   add_resume(program),  add_cost(program),       add_doctor(program),
      add_install(program), add_uninstall(program), add_version(program), add_completion(program), add_names(program)};
  std::vector<std::string> arguments = with_help_flag({argv + 1, argv + argc});
  const bool is_empty = arguments.empty();
  std::ranges::reverse(arguments);  // as CLI11 wants them
  try {
    program.parse(std::move(arguments));
  } catch (const CLI::Success& wanted) {  // --help, --version
    if (const auto unknown = unknown_command(program)) return fail_with(*unknown, kUsage);
    return program.exit(wanted);
  } catch (const CLI::ParseError& error) {
    if (!is_empty) return fail_with(explain_usage(program, error), kUsage);
    write_all(2, program.help());
    return kUsage;
  }
  for (const Command& command : commands) {
    if (!command.app->parsed()) continue;
    const Result<int> code = command.act();
    if (!code) return fail_with(code.error().message, kFailed);
    if (const int lost = lost_output(); lost != 0 && *code == 0)
      return fail_with(fail_errno("write to stdout", lost).error().message, kFailed);
    return *code;
  }
  return kUsage;
}

}  // namespace
}  // namespace axon::cli

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == axon::cli::kWithParent) return axon::cli::exec_with_parent(argv + 2);
  axon::cli::occupy_standard_descriptors();
  axon::http::ignore_host_configuration();
  try {
    return axon::cli::run(argc, argv);
  } catch (const std::exception& error) {
    axon::cli::write_line(2, std::string("axon: internal error: ") + error.what());
    return 70;
  }
}
