#include "core/outcome.hpp"

#include <array>
#include <utility>

namespace axon {
namespace {

constexpr std::array<std::pair<Reason, std::string_view>, 23> kNames = {{
    {Reason::AgentError, "AgentError"},
    {Reason::AuthenticationFailed, "AuthenticationFailed"},
    {Reason::RateLimited, "RateLimited"},
    {Reason::Overloaded, "Overloaded"},
    {Reason::QuotaExceeded, "QuotaExceeded"},
    {Reason::ContextExceeded, "ContextExceeded"},
    {Reason::ModelNotFound, "ModelNotFound"},
    {Reason::Refused, "Refused"},
    {Reason::MaxTurns, "MaxTurns"},
    {Reason::NetworkError, "NetworkError"},
    {Reason::Stalled, "Stalled"},
    {Reason::DeadlineExceeded, "DeadlineExceeded"},
    {Reason::Cancelled, "Cancelled"},
    {Reason::CloneFailed, "CloneFailed"},
    {Reason::ConfigInvalid, "ConfigInvalid"},
    {Reason::SetupFailed, "SetupFailed"},
    {Reason::AgentNotFound, "AgentNotFound"},
    {Reason::AgentCrashed, "AgentCrashed"},
    {Reason::OutOfMemory, "OutOfMemory"},
    {Reason::Evicted, "Evicted"},
    {Reason::NodeLost, "NodeLost"},
    {Reason::ImagePullFailed, "ImagePullFailed"},
    {Reason::Unschedulable, "Unschedulable"},
}};

}  // namespace

std::string_view to_string(Reason reason) {
  for (const auto& [value, name] : kNames) {
    if (value == reason) return name;
  }
  std::unreachable();
}

std::optional<Reason> parse_reason(std::string_view name) {
  for (const auto& [value, text] : kNames) {
    if (text == name) return value;
  }
  return std::nullopt;
}

bool is_retryable(Reason reason) {
  switch (reason) {
    case Reason::RateLimited:
    case Reason::Overloaded:
    case Reason::NetworkError:
    case Reason::Stalled:
    case Reason::AgentCrashed:
    case Reason::Evicted:
    case Reason::NodeLost:
    case Reason::ImagePullFailed:
      return true;
    default:
      return false;
  }
}

std::optional<Reason> reason_from_http_status(int status) {
  switch (status) {
    case 401:
    case 403:
      return Reason::AuthenticationFailed;
    case 402:
      return Reason::QuotaExceeded;
    case 404:
      return Reason::ModelNotFound;
    case 408:
      return Reason::NetworkError;
    case 413:
      return Reason::ContextExceeded;
    case 429:
      return Reason::RateLimited;
    default:
      break;
  }
  if (status >= 500 && status <= 599) return Reason::Overloaded;
  return std::nullopt;
}

}  // namespace axon
