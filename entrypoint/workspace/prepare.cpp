#include "entrypoint/workspace/prepare.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "core/report.hpp"
#include "entrypoint/termination_report.hpp"
#include "entrypoint/token.hpp"
#include "entrypoint/workspace/beneath.hpp"
#include "entrypoint/workspace/prepare_options.hpp"
#include "entrypoint/workspace/workspace.hpp"
#include "http/url.hpp"

namespace axon {
namespace {

void say(const std::string& text) {
  const std::string line = text + "\n";
  std::fputs(line.c_str(), stderr);
}

/// Empty if there is no task directory, which is well where flags say what to do.
Result<std::optional<TaskFile>> read_task(const Environment& environment) {
  std::string directory = value_of(environment, contract::env::kTaskDir);
  const bool named = !directory.empty();
  if (!named) directory = contract::kTaskDir;
  const std::string path = directory + "/" + std::string(contract::kTaskFile);
  const Result<std::string> text = read_small_file(path);
  if (!text && text.error().code == Errc::NotFound && !named) return std::nullopt;
  if (!text) return std::unexpected(text.error());
  Result<TaskFile> task = parse_task_file(*text, path);
  if (!task) return std::unexpected(std::move(task).error());
  return *std::move(task);
}

Result<void> write_plugins(const PreparePlan& plan) {
  if (plan.plugins.empty()) return {};
  if (Result<void> made = make_directories(plan.plugin_dir); !made) return made;
  for (const PluginSource& plugin : plan.plugins) {
    for (const PluginDocument& skill : plugin.skills) {
      const std::string path = plugin.name + "/skills/" + skill.name + "/SKILL.md";
      if (Result<void> written = write_beneath(plan.plugin_dir, path, skill.content); !written) return written;
    }
    for (const PluginDocument& agent : plugin.agents) {
      const std::string path = plugin.name + "/agents/" + agent.name + ".md";
      if (Result<void> written = write_beneath(plan.plugin_dir, path, agent.content); !written) return written;
    }
  }
  say("wrote " + std::to_string(plan.plugins.size()) + (plan.plugins.size() == 1 ? " plugin" : " plugins") + " to " +
      plan.plugin_dir);
  return {};
}

Result<void> prepare(const PrepareFlags& flags, const Environment& environment) {
  const Result<std::optional<TaskFile>> task = read_task(environment);
  if (!task) return std::unexpected(task.error());
  const Result<PreparePlan> plan = plan_prepare(flags, *task, environment);
  if (!plan) return std::unexpected(plan.error());
  if (plan->workspace) {
    const WorkspaceLimits limits{flags.stall, flags.timeout};
    if (Result<void> made = make_workspace(*plan->workspace, plan->branch, limits, environment, say); !made)
      return made;
  }
  return write_plugins(*plan);
}

int report_failure(const Error& error, const Environment& environment) {
  const bool cancelled = error.message == kInterrupted;
  Report report;
  report.finished = true;
  report.exit_code = cancelled ? contract::exit_code::kCancelled : contract::exit_code::kCloneFailed;
  const Reason reason = cancelled                          ? Reason::Cancelled
                        : error.code == Errc::InvalidInput ? Reason::ConfigInvalid
                                                           : Reason::CloneFailed;
  const std::string message = http::redact_urls(error.message);
  report.outcome.failure = Failure{reason, message};
  say("axon-entrypoint prepare: " + message);
  write_termination_report(report, environment);
  return report.exit_code;
}

}  // namespace

int prepare_command(std::span<const std::string> args) {
  const Result<PrepareFlags> flags = parse_prepare_flags(args);
  if (!flags) {
    say("axon-entrypoint prepare: " + flags.error().message);
    return contract::exit_code::kUsage;
  }
  if (flags->help) {
    std::fputs(prepare_help().c_str(), stdout);
    return contract::exit_code::kSucceeded;
  }
  const Environment environment = current_environment();
  const Result<void> prepared = prepare(*flags, environment);
  return prepared ? contract::exit_code::kSucceeded : report_failure(prepared.error(), environment);
}

}  // namespace axon
