#include "core/verdict.hpp"

#include <csignal>
#include <cstring>

#include "core/contract.hpp"

namespace axon {
namespace {

Verdict failed(Reason reason, std::string message, int code) { return {{Failure{reason, std::move(message)}}, code}; }

std::string signal_text(int signal) {
  const char* name = sigabbrev_np(signal);
  return name == nullptr ? "signal " + std::to_string(signal) : "SIG" + std::string(name);
}

Verdict judge_stop(StopCause stopped, const Summary& summary) {
  switch (stopped) {
    case StopCause::Cancelled:
      return failed(Reason::Cancelled, "The run was stopped before the agent was done.",
                    contract::exit_code::kCancelled);
    case StopCause::Deadline:
      return failed(Reason::DeadlineExceeded,
                    "The agent was stopped at its deadline. Give the Task more time or less work.",
                    contract::exit_code::kTimedOut);
    default:
      return failed(Reason::Stalled,
                    summary.last_problem
                        ? "The agent made no progress and was stopped. It last said: " + summary.last_problem->message
                        : "The agent made no progress and was stopped.",
                    contract::exit_code::kTimedOut);
  }
}

Verdict judge_exit(int code, const Summary& summary, bool reports_result) {
  if (summary.finished && summary.finished->failure) {
    return {{summary.finished->failure}, code == 0 ? contract::exit_code::kAgentSaysError : code};
  }
  if (summary.finished && code == summary.finished->success_code) return {};
  if (code != 0) {
    if (summary.last_problem) return {{summary.last_problem}, code};
    return failed(Reason::AgentError, "The agent exited with code " + std::to_string(code) + ".", code);
  }
  if (!summary.finished && reports_result) {
    if (summary.last_problem) return {{summary.last_problem}, contract::exit_code::kAgentSaysError};
    return failed(Reason::AgentError, "The agent exited with code 0 but never reported a result.",
                  contract::exit_code::kAgentSaysError);
  }
  return {};
}

}  // namespace

int exit_code(const ProcessEnd& end) {
  if (const auto* exited = std::get_if<Exited>(&end)) return exited->code;
  if (const auto* signaled = std::get_if<Signaled>(&end)) return 128 + signaled->signal;
  return std::get<NotStarted>(end).code;
}

Verdict judge(const ProcessEnd& end, StopCause stopped, const Summary& summary, bool reports_result) {
  if (const auto* missing = std::get_if<NotStarted>(&end)) {
    return failed(Reason::AgentNotFound, missing->message, missing->code);
  }
  if (stopped == StopCause::Lingered) return judge_exit(0, summary, reports_result);
  // The agent had said that it was done when it was stopped: what it said stands.
  const bool done = is_done(summary) && !summary.finished->failure;
  if (stopped != StopCause::None && !done) return judge_stop(stopped, summary);
  if (stopped != StopCause::None) return judge_exit(0, summary, reports_result);
  if (const auto* signaled = std::get_if<Signaled>(&end)) {
    return failed(Reason::AgentCrashed, "The agent was ended by " + signal_text(signaled->signal) + ".",
                  exit_code(end));
  }
  return judge_exit(std::get<Exited>(end).code, summary, reports_result);
}

}  // namespace axon
