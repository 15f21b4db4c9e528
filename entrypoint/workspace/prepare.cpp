#include "entrypoint/workspace/prepare.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "core/report.hpp"
#include "entrypoint/install.hpp"
#include "entrypoint/report_file.hpp"
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

std::optional<Failure> prepare(const PrepareFlags& flags, const Environment& environment) {
  const Result<std::optional<TaskFile>> task = read_task(environment);
  if (!task) return Failure{Reason::ConfigInvalid, task.error().message};
  const Result<PreparePlan> plan = plan_prepare(flags, *task, environment);
  if (!plan) return Failure{Reason::ConfigInvalid, plan.error().message};
  if (!flags.install_dir.empty()) {
    const Result<void> installed = install_program("/proc/self/exe", flags.install_dir);
    if (!installed) return Failure{Reason::CloneFailed, "--install: " + installed.error().message};
  }
  if (plan->workspace) {
    const WorkspaceLimits limits{flags.stall, flags.timeout};
    const Result<void> made = make_workspace(*plan->workspace, plan->branch, limits, environment, say);
    if (!made)
      return Failure{made.error().message == kInterrupted ? Reason::Cancelled : Reason::CloneFailed,
                     made.error().message};
  }
  if (Result<void> written = write_plugins(*plan); !written) {
    return Failure{Reason::CloneFailed, written.error().message};
  }
  return std::nullopt;
}

int report_failure(Failure failure, const Environment& environment) {
  failure.message = http::redact_urls(failure.message);
  say("axon-entrypoint prepare: " + failure.message);
  Report report;
  report.finished = true;
  report.exit_code =
      failure.reason == Reason::Cancelled ? contract::exit_code::kCancelled : contract::exit_code::kCloneFailed;
  report.outcome.failure = std::move(failure);
  if (const Result<void> written = ReportFile(environment).write(report); !written) {
    say("axon-entrypoint prepare: " + written.error().message);
  }
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
  std::optional<Failure> failure = prepare(*flags, environment);
  return failure ? report_failure(*std::move(failure), environment) : contract::exit_code::kSucceeded;
}

}  // namespace axon
