// axon init
#include <sys/stat.h>

#include <filesystem>
#include <memory>

#include "cli/commands.hpp"
#include "cli/config.hpp"
#include "cli/files.hpp"
#include "cli/host.hpp"
#include "cli/screen.hpp"

namespace axon::cli {
namespace {

struct InitOptions {
  std::string config;
  bool force = false;
};

Result<int> init(const InitOptions& options) {
  const Result<std::string> path = options.config.empty() ? user_config_path(caller_environment()) : options.config;
  if (!path) return std::unexpected(path.error());
  struct stat found{};
  if (!options.force && lstat(path->c_str(), &found) == 0) {
    return fail(Errc::AlreadyExists, *path + " is there already; edit it, or replace it with axon init --force");
  }
  const std::string directory = std::filesystem::path(*path).parent_path().string();
  if (const auto made = make_directories(directory.empty() ? "." : directory); !made) {
    return std::unexpected(made.error());
  }
  constexpr unsigned kPrivate = 0600;  // it will hold tokens
  if (const auto written = write_atomic(*path, user_config_template(), kPrivate); !written) {
    return std::unexpected(written.error());
  }
  write_line(1, *path + " created");
  write_line(2, "Edit it: put in your token and your repository. Then: axon run -p PROMPT");
  return 0;
}

}  // namespace

Command add_init(CLI::App& program) {
  auto options = std::make_shared<InitOptions>();
  CLI::App* app = program.add_subcommand("init", "Write a config file to fill in: your token and your repository");
  app->footer("Examples:\n  axon init\n  axon init --config work.yaml   # then: export AXON_CONFIG=$PWD/work.yaml");
  app->add_option("--config", options->config, "The file (default: AXON_CONFIG, else ~/.axon/config.yaml)")
      ->type_name("FILE");
  app->add_flag("-f,--force", options->force, "Replace the file that is there");
  return {app, [options] { return init(*options); }};
}

}  // namespace axon::cli
