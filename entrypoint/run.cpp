#include "entrypoint/run.hpp"

#include <unistd.h>

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <filesystem>

#include "core/contract.hpp"
#include "core/encoding.hpp"
#include "core/report.hpp"
#include "core/timestamp.hpp"
#include "core/verdict.hpp"
#include "entrypoint/capture.hpp"
#include "entrypoint/files.hpp"
#include "entrypoint/path_search.hpp"
#include "entrypoint/report_file.hpp"
#include "entrypoint/session.hpp"
#include "entrypoint/stream_reader.hpp"
#include "entrypoint/task_input.hpp"
#include "entrypoint/token.hpp"
#include "entrypoint/workspace/git_config.hpp"
#include "entrypoint/workspace/ssh.hpp"

namespace axon {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::size_t kMaxResponse = std::size_t{32} * 1024;
constexpr milliseconds kFirstCheckpoint{1'000};
// A checkpoint reads the agent's session files: its share of the time stays below a fiftieth.
constexpr int kCheckpointShare = 50;
// The agent's session files are read for so long; signals wait meanwhile.
constexpr milliseconds kCheckpointReading{1'000};
constexpr milliseconds kLastReading{5'000};

class Run {
 public:
  explicit Run(const contract::Dialect& dialect)
      : started_(steady_clock::now()),
        dialect_(dialect),
        env_(in_our_words(current_environment(), dialect)),
        report_file_(env_) {
    std::error_code ignored;
    directory_ = std::filesystem::current_path(ignored).string();
    if (directory_.empty()) directory_ = "/";
  }

  int operator()(const std::optional<std::string>& prompt) {
    hide_secrets({}, {});  // of the environment: an error message may quote input
    choose_home();
    auto input = read_input(prompt, env_, files_, directory_);
    if (!input) return end(Failure{Reason::ConfigInvalid, input.error().message}, contract::exit_code::kConfigInvalid);
    input_ = std::move(*input);
    input_.task.is_root = ::geteuid() == 0;
    hide_secrets(input_.task.mcp_servers, input_.adapter.credential_variables);
    tell_deadline();
    if (const auto failed = run_setup()) return *failed;
    const auto launch = prepare_launch();
    if (!launch)
      return end(Failure{Reason::ConfigInvalid, launch.error().message}, contract::exit_code::kConfigInvalid);
    return run_agent(*launch);
  }

 private:
  void hide_secrets(const std::vector<McpServer>& servers, const std::vector<std::string>& credentials) {
    std::vector<Secret> secrets = secrets_of(env_, servers, credentials);
    std::ranges::copy(ssh_key_lines(env_), std::back_inserter(secrets));
    session_.redact(LiveSecrets(std::move(secrets), value_of(env_, contract::env::kGithubTokenFile)));
  }

  [[nodiscard]] std::string clean(std::string_view text) { return redact(*session_.secrets().patterns(), text); }

  [[nodiscard]] Results results(const Summary& summary) {
    return redacted(local_results(directory_, input_.base_branch, summary), *session_.secrets().patterns());
  }

  void say(const std::string& sentence) { session_.err().write("axon-entrypoint: " + clean(sentence) + "\n"); }

  void choose_home() {
    const std::string home = env_["HOME"];
    if (!home.empty() && is_writable_directory(home)) return;
    const std::string temporary = env_.contains("TMPDIR") ? env_["TMPDIR"] : "/tmp";
    const std::string fallback = temporary + "/axon-home-" + std::to_string(::geteuid());
    if (is_writable_directory(fallback)) {
      env_["HOME"] = fallback;
      return;
    }
    say("HOME (" + (home.empty() ? "not set" : home) + ") is not writable, and neither is " + temporary +
        "; mount an emptyDir at one of them");
    if (home.empty()) env_["HOME"] = "/";
  }

  void tell_deadline() {
    if (!input_.deadline) return;
    const auto stopping = input_.grace + contract::kCaptureGrace;
    work_time_ = std::max<milliseconds>(*input_.deadline - stopping, *input_.deadline / 2);
    const std::string at = format_time(std::chrono::floor<seconds>(std::chrono::system_clock::now() + *work_time_));
    env_[std::string(contract::env::kDeadline)] = at;
    std::string& instructions = input_.task.instructions;
    if (!instructions.empty() && !instructions.ends_with('\n')) instructions += '\n';
    instructions += "\nThis task has a time limit: it is stopped at " + at +
                    " (UTC). Commit and push your work before that; what is not pushed by then is lost.\n";
  }

  [[nodiscard]] Limits limits() const {
    Limits limits;
    limits.stop_signal = input_.adapter.stop_signal;
    limits.grace = input_.grace;
    limits.linger = contract::kLingerGrace;
    if (input_.stall) limits.stall = *input_.stall;
    if (work_time_) limits.stop_at = started_ + *work_time_;
    return limits;
  }

  /// The exit code if the run ends here.
  std::optional<int> run_setup() {
    if (input_.setup_command.empty()) return std::nullopt;
    say("setup: START");
    const auto began = steady_clock::now();
    Limits setup_limits = limits();
    setup_limits.stop_signal = SIGTERM;
    setup_limits.stall.reset();
    const ChildResult result = session_.supervise(
        {input_.setup_command, child_environment(), directory_, std::nullopt, true}, setup_limits, Listener());
    const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
    const int code = exit_code(result.end);
    if (result.stopped != StopCause::None) return end(judge(result.end, result.stopped, {}, false));
    if (code != 0) {
      say(fmt::format("setup: FAILED with exit code {} after {:.1f} s", code, static_cast<double>(took.count()) / 1e3));
      const auto* missing = std::get_if<NotStarted>(&result.end);
      return end(Failure{Reason::SetupFailed, missing != nullptr
                                                  ? "The setup command could not be started: " + missing->message
                                                  : fmt::format("The setup command failed with exit code {}.", code)},
                 code);
    }
    say(fmt::format("setup: DONE in {:.1f} s", static_cast<double>(took.count()) / 1e3));
    return std::nullopt;
  }

  [[nodiscard]] Environment child_environment() const {
    Environment env = agent_environment(env_);
    env.merge(missing_identity(directory_, env));
    if (input_.adapter.hides_git_settings) env["GIT_CONFIG_PARAMETERS"] = settings_read_last(directory_, env);
    return env;
  }

  Result<Launch> prepare_launch() {
    input_.task.env = child_environment();
    Result<Launch> launch = input_.adapter.plan(input_.task, files_);
    if (!launch) return launch;
    warn(*launch);
    for (const File& file : launch->files) {
      if (Result<void> written = write_file(file); !written) return std::unexpected(written.error());
    }
    return launch;
  }

  void warn(const Launch& launch) {
    for (const std::string& warning : launch.warnings) say("warning: " + warning);
    const std::string path = input_.task.env["PATH"];
    for (const Companion& companion : input_.adapter.companions) {
      const auto any = [](const std::string&) { return true; };
      if (find_program(companion.program, path, any).empty()) say("warning: " + companion.without_it);
    }
  }

  int run_agent(const Launch& launch) {
    Environment env = input_.task.env;
    for (const std::string& name : launch.unset) env.erase(name);
    for (const auto& [name, value] : launch.env) env[name] = value;
    input_.task.env = env;
    StreamReader reader(input_.adapter);
    Listener listener;
    listener.on_stdout = [&](std::string_view bytes) { return reader.read(bytes); };
    listener.checkpoint = [&](TimePoint now) { return checkpoint(reader.summary(), now); };
    checkpoint(reader.summary(), steady_clock::now());  // before the agent can fill the disk
    const ChildResult result =
        session_.supervise({launch.argv, env, directory_, launch.stdin_bytes, false}, limits(), listener);
    session_.kill_leftovers();
    reader.finish();
    summary_ = reader.summary();
    explain(result.end);
    usage_ = usage_of(summary_, kLastReading);
    return end(judge(result.end, result.stopped, summary_, input_.adapter.reports_result));
  }

  /// Some agents tell by their exit code alone why they did not start.
  void explain(const ProcessEnd& process_end) {
    const auto* exited = std::get_if<Exited>(&process_end);
    if (exited == nullptr || exited->code == 0 || summary_.finished || summary_.last_problem) return;
    if (input_.adapter.explain_exit) summary_.last_problem = input_.adapter.explain_exit(exited->code);
  }

  std::optional<Usage> usage_of(const Summary& summary, milliseconds reading) const {
    const RealFiles files(steady_clock::now() + reading);
    return whole_usage(summary.usage, input_.adapter.recover(input_.task, summary, files));
  }

  TimePoint checkpoint(const Summary& summary, TimePoint now) {
    Report report;
    report.results = results(summary);
    // The first call comes before the agent starts: its report takes the room on the disk that the last one will need.
    if (checkpointed_) report.usage = usage_of(summary, kCheckpointReading);
    checkpointed_ = true;
    write_report(report);
    const TimePoint after = steady_clock::now();
    return after + std::max<steady_clock::duration>(kFirstCheckpoint, (after - now) * kCheckpointShare);
  }

  void write_report(const Report& report) {
    const Result<void> written = report_file_.write(report);
    if (!written) say(written.error().message);
  }

  int end(Failure failure, int code) {
    say(failure.message);
    return end(Verdict{{std::move(failure)}, code});
  }

  /// All other processes are dead: what is written from here on is ours.
  int end(const Verdict& verdict) {
    session_.kill_leftovers();
    Report report;
    report.finished = true;
    report.outcome = verdict.outcome;
    if (auto& failure = report.outcome.failure) failure->message = clean(failure->message);
    report.exit_code = verdict.exit_code;
    report.usage = usage_;
    report.results = results(summary_);
    write_report(report);  // before the network is asked: this much is safe
    report.results.pull_requests = pull_requests(report.results);
    if (!report.results.pull_requests.empty()) write_report(report);
    report.results.response = utf8_prefix(report.results.response, kMaxResponse);
    if (!session_.out().at_line_start()) session_.out().write("\n");
    session_.out().write(marker_block(report, dialect_));
    session_.out().flush_within(contract::kCaptureGrace);
    session_.err().flush_within(seconds(1));
    return verdict.exit_code;
  }

  std::vector<std::string> pull_requests(const Results& results) {
    if (results.branch.empty() || results.branch == results.base_branch) return {};
    const auto text = session_.run_helper(
        {{"/proc/self/exe", "pull-requests"}, agent_environment(env_), directory_, {}}, contract::kCaptureGrace);
    std::vector<std::string> urls;
    std::string_view rest = text ? std::string_view(*text) : std::string_view();
    while (!rest.empty()) {
      const std::size_t newline = std::min(rest.find('\n'), rest.size());
      if (newline > 0) urls.emplace_back(rest.substr(0, newline));
      rest.remove_prefix(std::min(newline + 1, rest.size()));
    }
    return urls;
  }

  TimePoint started_;
  const contract::Dialect& dialect_;
  Environment env_;
  std::string directory_;
  RealFiles files_;
  ReportFile report_file_;
  Session session_;
  RunInput input_;
  std::optional<milliseconds> work_time_;  // from the start to the stop signal
  Summary summary_;
  std::optional<Usage> usage_;
  bool checkpointed_ = false;
};

}  // namespace

int run_command(const std::optional<std::string>& prompt, const contract::Dialect& dialect) {
  return Run(dialect)(prompt);
}

}  // namespace axon
