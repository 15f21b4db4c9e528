// What a refusal by the API server means: its Status object as an Error, and whether asking again may help.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "http/http.hpp"

namespace axon::kube {

struct Failure {
  Error error;         // "update demo/x: tasks.axon.io "x" is invalid: spec.type: required (Invalid)"
  int status = 0;      // HTTP's; 0: no answer came
  std::string reason;  // "AlreadyExists", "NamespaceTerminating"; empty where the answer was no Status
  std::optional<std::chrono::seconds> retry_after;  // the server asks to come again

  bool operator==(const Failure&) const = default;
};

/// From an answer that is no 2xx. A proxy's page instead of a Status is told by its first line.
Failure decode_failure(const http::Response& response, const std::string& doing);

/// The same for a Status object: an ERROR event of a watch carries one.
Failure decode_status(const std::string& status_json, int http_status, const std::string& doing);

/// How the waits between attempts grow.
struct Backoff {
  std::chrono::milliseconds first{100};
  std::chrono::milliseconds most{10'000};
  double jitter = 0.5;  // a wait is up to this share longer
};

/// The wait after so many failures in a row (from 1). `random` is in [0, 1).
std::chrono::milliseconds backoff(const Backoff& rule, int failures, double random);

/// The wait before a request is sent again; empty: it is not. A request that may not be repeated is sent again only
/// where the server says that it did nothing yet: it named a time to come back.
std::optional<std::chrono::milliseconds> retry_delay(const Failure& failure, bool may_repeat, int failures,
                                                     double random);

/// How often a request is sent in all.
inline constexpr int kMaxAttempts = 6;

}  // namespace axon::kube
