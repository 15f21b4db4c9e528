// How a Task ended: Succeeded, or Failed with a reason that machines can act on and a sentence for people.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace axon {

/// Why a Task failed. The names are part of the contract: they are what status, report and `reason:` say.
enum class Reason {
  AgentError,            // the agent says that it failed, for none of the reasons below
  AuthenticationFailed,  // the provider refused the credential
  RateLimited,
  Overloaded,
  QuotaExceeded,
  ContextExceeded,  // the conversation does not fit the model
  ModelNotFound,
  Refused,   // the model declined, or a content filter stopped it
  MaxTurns,  // a limit of turns or budget set for the agent
  NetworkError,
  Stalled,
  DeadlineExceeded,
  Cancelled,
  CloneFailed,
  ConfigInvalid,
  SetupFailed,
  AgentNotFound,
  AgentCrashed,  // ended by a signal that nobody here sent
  OutOfMemory,
  Evicted,
  NodeLost,
  ImagePullFailed,
  Unschedulable,
};

std::string_view to_string(Reason reason);
std::optional<Reason> parse_reason(std::string_view name);

/// True where the same Task may well succeed if it is run again unchanged.
bool is_retryable(Reason reason);

/// A failure as an adapter or the supervisor sees it. The message is one sentence and holds no secret.
struct Failure {
  Reason reason = Reason::AgentError;
  std::string message;

  bool operator==(const Failure&) const = default;
};

/// Succeeded is the absence of a failure.
struct Outcome {
  std::optional<Failure> failure;

  [[nodiscard]] bool succeeded() const { return !failure; }
  bool operator==(const Outcome&) const = default;
};

/// The reason that fits a provider's HTTP status; empty for one that says nothing (2xx, 3xx, unknown 4xx).
std::optional<Reason> reason_from_http_status(int status);

}  // namespace axon
