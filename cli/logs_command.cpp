// axon logs
#include <memory>

#include "cli/cluster.hpp"
#include "cli/commands.hpp"
#include "cli/logs_options.hpp"

namespace axon::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  axon logs fix-42 -f                    # from the clone to the end, whatever it waits for at first
  axon logs fix-42 --since 10m --timestamps
  axon logs fix-42 --raw > stream.jsonl  # the agent's stream as it is
  axon logs --local fix-42)";

/// The logs of one machine are read whole, and have no times.
Result<void> check_local(const LogsOptions& options) {
  const std::pair<bool, const char*> of_clusters[] = {{!options.since.empty(), "--since"},
                                                      {options.tail.has_value(), "--tail"},
                                                      {options.timestamps, "--timestamps"},
                                                      {!options.agent_manifest.empty(), "--agent-manifest"}};
  for (const auto& [is_given, flag] : of_clusters) {
    if (is_given)
      return fail(Errc::InvalidInput, std::string(flag) + ": of a Task in a cluster only, not with --local");
  }
  return {};
}

Result<int> print_logs(const LogsOptions& options) {
  if (!options.local) return print_cluster_logs(options);
  if (const auto checked = check_local(options); !checked) return std::unexpected(checked.error());
  return print_local_logs(options);
}

/// What is wrong with a --tail, or nothing.
std::string refuse_no_count(const std::string& text) {
  constexpr std::size_t kMostDigits = 18;
  const bool is_count = text.find_first_not_of("0123456789") == std::string::npos && text.size() <= kMostDigits;
  return is_count && !text.empty() ? "" : "expected a number of lines, 0 or more";
}

}  // namespace

Command add_logs(CLI::App& program) {
  auto options = std::make_shared<LogsOptions>();
  CLI::App* app =
      program.add_subcommand("logs", "Print a Task's logs: what the agent says to stdout, what it does to stderr");
  app->footer(kExamples);
  app->add_option("name", options->name, "The Task")->required();
  app->add_flag("-f,--follow", options->follow, "Go on until the Task ends");
  app->add_flag("--raw", options->raw, "The agent's output as it is");
  app->add_flag("--timestamps", options->timestamps, "Each line with its time");
  app->add_option("--since", options->since, "Only what is newer than this, such as 10m")->type_name("DURATION");
  app->add_option("--tail", options->tail, "Only so many of the last lines of the log")
      ->type_name("LINES")
      ->check(CLI::Validator(refuse_no_count, ""));
  app->add_option("--agent-manifest", options->agent_manifest, "Manifest of an agent that is not built in (YAML)")
      ->type_name("FILE");
  app->add_flag("--local", options->local, "A Task of this machine");
  add_namespaced_options(*app, options->cluster);
  return {app, [options] { return print_logs(*options); }};
}

}  // namespace axon::cli
