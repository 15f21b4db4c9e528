// axon: runs AI coding agents. Wires the subcommands; each lies in a file of its own.
#include <exception>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/screen.hpp"
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

int run(int argc, char** argv) {
  CLI::App program("axon: runs AI coding agents dependably", "axon");
  program.require_subcommand(1);
  program.set_version_flag("--version", "axon " AXON_VERSION);
  const std::vector<Command> commands = {
      add_init(program),    add_run(program),       add_get(program),     add_logs(program),       add_create(program),
      add_delete(program),  add_suspend(program),   add_resume(program),  add_cost(program),       add_doctor(program),
      add_install(program), add_uninstall(program), add_version(program), add_completion(program), add_names(program)};
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& wanted) {  // --help, --version
    return program.exit(wanted);
  } catch (const CLI::ParseError& error) {
    if (argc < 2) {
      write_all(2, program.help());
      return kUsage;
    }
    return fail_with(
        std::string(error.what()) + " (axon " + (argc > 1 && argv[1][0] != '-' ? argv[1] : "") + " --help)", kUsage);
  }
  for (const Command& command : commands) {
    if (!command.app->parsed()) continue;
    const Result<int> code = command.act();
    return code ? *code : fail_with(code.error().message, kFailed);
  }
  return kUsage;
}

}  // namespace
}  // namespace axon::cli

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == axon::cli::kWithParent) return axon::cli::exec_with_parent(argv + 2);
  axon::http::ignore_host_configuration();
  try {
    return axon::cli::run(argc, argv);
  } catch (const std::exception& error) {
    axon::cli::write_line(2, std::string("axon: internal error: ") + error.what());
    return 70;
  }
}
