#include "controller/github/installation_token.hpp"

#include <algorithm>
#include <charconv>

#include "core/encoding.hpp"
#include "core/json_access.hpp"
#include "http/url.hpp"

namespace axon::controller::github {
namespace {

using nlohmann::json;
using std::chrono::seconds;

constexpr std::size_t kMaxToken = 8192;  // GitHub's have 40 bytes, and about 520 in their newer form
constexpr std::size_t kMaxWords = 200;   // of GitHub's own message in ours

/// What goes into a header and a file as it is.
bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kMaxToken &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// " (Bad credentials)", on one line; empty where GitHub says nothing.
std::string words_of(const json& body) {
  std::string words = text_at(body, "message");
  std::ranges::replace_if(words, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return words.empty() ? "" : " (" + std::string(utf8_prefix(words, kMaxWords)) + ")";
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failed != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

/// Both of GitHub's ways to limit: the secondary limit names a wait, the primary one the time when it is over.
std::optional<seconds> wait_asked(const http::Response& answer, Time now) {
  if (const auto wait = number_in(answer.header("Retry-After"))) return seconds(*wait);
  const auto reset = number_in(answer.header("X-RateLimit-Reset"));
  if (answer.header("X-RateLimit-Remaining") != "0" || !reset) return std::nullopt;
  const std::int64_t now_seconds = now.time_since_epoch().count();
  return *reset > now_seconds ? std::optional(seconds(*reset - now_seconds)) : std::nullopt;
}

std::string in_secret(const Source& source) { return "in Secret \"" + source.secret + "\""; }

std::string advice(int status, const Source& source, std::string_view words) {
  const bool about_time = words.contains("'iat'") || words.contains("'exp'");
  if (status == 401 && about_time) return "the clock of the manager's machine is wrong";
  if (status == 401)
    return "appID and privateKey " + in_secret(source) + " do not belong together, or the key was deleted";
  if (status == 404 && words.contains("Integration")) {
    return "there is no App with the appID " + in_secret(source) + " on that server";
  }
  if (status == 404) {
    return "installationID " + in_secret(source) + " is not one of App " + source.app.id +
           ", or the App is no longer installed";
  }
  if (status == 403) return "the installation may be suspended, or be asked too often";
  if (status == 422) return "the installation does not allow it";
  if (status / 100 == 3) return "that is not the address of a GitHub server's API; spec.repo of the Workspace names it";
  return "it will be tried again";
}

Refusal refused(const http::Response& answer, const Source& source, const json& body, Time now) {
  const std::string words = words_of(body);
  std::string message = source.api + " gave no token to App " + source.app.id + ": HTTP " +
                        std::to_string(answer.status) + words + ": " + advice(answer.status, source, words);
  return {.message = std::move(message), .retry_after = wait_asked(answer, now)};
}

Refusal unreadable(const Source& source, const std::string& why) {
  return {.message = source.api + " gave an answer that is none of GitHub's: " + why, .retry_after = {}};
}

}  // namespace

http::Request token_request(const Source& source, const Secret& jwt) {
  http::Request request;
  request.method = "POST";
  request.url = source.api + "/app/installations/" + source.app.installation + "/access_tokens";
  request.headers = {{"Accept", "application/vnd.github+json"},
                     {"Authorization", "Bearer " + std::string(jwt.reveal())},
                     {"User-Agent", "axon/" AXON_VERSION},
                     {"X-GitHub-Api-Version", "2022-11-28"}};
  return request;
}

std::expected<InstallationToken, Refusal> read_answer(const http::Response& answer, const Source& source, Time now) {
  const json body = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (answer.status != 201) return std::unexpected(refused(answer, source, body, now));
  InstallationToken token{.value = Secret(text_at(body, "token")), .life = {.issued = now, .expires = {}}};
  if (!is_token(token.value.reveal())) return std::unexpected(unreadable(source, "it has no token"));
  const std::optional<Time> expires = parse_time(text_at(body, "expires_at"));
  if (!expires) return std::unexpected(unreadable(source, "expires_at is no time in UTC"));
  if (*expires <= now) {
    return std::unexpected(unreadable(source, "the token ended at " + format_time(*expires) + ", before it came at " +
                                                  format_time(now) + "; is the clock of the manager's machine right?"));
  }
  token.life.expires = *expires;
  return token;
}

Refusal unreachable(const Error& error, const Source& source) {
  return {.message = source.api + " cannot be reached: " + error.message + "; it will be tried again",
          .retry_after = {}};
}

}  // namespace axon::controller::github
