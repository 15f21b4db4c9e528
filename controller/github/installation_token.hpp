// Asks GitHub for the token of an App's installation, and reads its answer, which is input from outside. Pure.
// https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>

#include "controller/github/app.hpp"
#include "controller/github/schedule.hpp"
#include "http/http.hpp"

namespace axon::controller::github {

struct InstallationToken {
  Secret value;
  Life life;

  bool operator==(const InstallationToken&) const = default;
};

/// Why there is no token, in a sentence that says what to do; it holds nothing secret.
struct Refusal {
  std::string message;
  std::optional<std::chrono::seconds> retry_after;  // GitHub asks to come again

  bool operator==(const Refusal&) const = default;
};

/// The answer is worth no more than this: a token with its permissions and repositories.
inline constexpr std::size_t kMaxAnswer = std::size_t{1024} * 1024;

http::Request token_request(const Source& source, const Secret& jwt);

/// `now` is when the answer came.
std::expected<InstallationToken, Refusal> read_answer(const http::Response& answer, const Source& source, Time now);

/// No answer came at all.
Refusal unreachable(const Error& error, const Source& source);

}  // namespace axon::controller::github
