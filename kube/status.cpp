#include "kube/status.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "kube/object.hpp"

namespace axon::kube {
namespace {

constexpr std::chrono::seconds kLongestRetryAfter{60};

Errc code_of(int status, const std::string& reason) {
  if (reason == "AlreadyExists") return Errc::AlreadyExists;
  switch (status) {
    case 400:
    case 405:
    case 413:
    case 415:
    case 422:
      return Errc::InvalidInput;
    case 401:
      return Errc::Unauthorized;
    case 403:
      return Errc::PermissionDenied;
    case 404:
      return Errc::NotFound;
    case 409:
      return Errc::Conflict;
    case 410:
      return Errc::Expired;
    default:
      return status == 429 || status >= 500 ? Errc::Unavailable : Errc::Internal;
  }
}

std::optional<std::chrono::seconds> seconds_of(std::string_view text) {
  int seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || failed != std::errc() || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::min(std::chrono::seconds(seconds), kLongestRetryAfter);
}

/// The message holds the causes of most refusals already; what it does not hold is added.
std::string with_causes(std::string message, const Json& status) {
  const Json::json_pointer path("/details/causes");
  if (!status.contains(path) || !status.at(path).is_array()) return message;
  for (const Json& cause : status.at(path)) {
    const std::string field = text_at(cause, "/field");
    const std::string why = text_at(cause, "/message");
    if (!why.empty() && !message.contains(why)) message += "; " + (field.empty() ? why : field + ": " + why);
  }
  return message;
}

}  // namespace

Failure decode_status(const std::string& status_json, int http_status, const std::string& doing) {
  Failure failure{.error = {}, .status = http_status, .reason = "", .retry_after = {}};
  const Json status = Json::parse(status_json, nullptr, false);
  std::string message;
  if (status.is_object() && text_at(status, "/kind") == "Status") {
    failure.reason = text_at(status, "/reason");
    message = with_causes(text_at(status, "/message"), status);
    const Json::json_pointer wait("/details/retryAfterSeconds");
    if (status.contains(wait) && status.at(wait).is_number_integer()) {
      failure.retry_after = seconds_of(status.at(wait).dump());
    }
    if (http_status == 0 && status.contains("code") && status["code"].is_number_integer()) {
      failure.status = status["code"].get<int>();
    }
  } else {
    message = status_json.substr(0, std::min(status_json.find('\n'), std::size_t{200}));
  }
  if (message.empty()) message = "the API server answered with status " + std::to_string(failure.status);
  if (!failure.reason.empty()) message += " (" + failure.reason + ")";
  failure.error = {code_of(failure.status, failure.reason), doing + ": " + message};
  return failure;
}

Failure decode_failure(const http::Response& response, const std::string& doing) {
  Failure failure = decode_status(response.body, response.status, doing);
  if (auto seconds = seconds_of(response.header("Retry-After"))) failure.retry_after = seconds;
  return failure;
}

std::chrono::milliseconds backoff(const Backoff& rule, int failures, double random) {
  const double doubled = std::ldexp(static_cast<double>(rule.first.count()), std::min(failures - 1, 30));
  const double wait = std::min(doubled, static_cast<double>(rule.most.count()));
  return std::chrono::milliseconds(static_cast<long>(wait * (1 + rule.jitter * random)));
}

std::optional<std::chrono::milliseconds> retry_delay(const Failure& failure, bool may_repeat, int failures,
                                                     double random) {
  if (failures >= kMaxAttempts) return std::nullopt;
  const bool is_trouble = failure.error.code == Errc::Unavailable || failure.error.code == Errc::TimedOut;
  if (!is_trouble || (!may_repeat && !failure.retry_after)) return std::nullopt;
  const std::chrono::milliseconds wait = backoff(Backoff{}, failures, random);
  return failure.retry_after ? std::max<std::chrono::milliseconds>(*failure.retry_after, wait) : wait;
}

}  // namespace axon::kube
