// GitHub's answers, Secrets and repositories of arbitrary bytes: what comes of them can stand in a header, in a URL and
// in a condition, and nothing of a key or a token is told.
#include <algorithm>

#include "controller/github/installation_token.hpp"
#include "controller/github/jwt.hpp"
#include "controller/github/token_secret.hpp"
#include "core/fuzz/fuzz.hpp"
#include "http/url.hpp"

namespace {

using namespace axon;
using namespace axon::controller;
using nlohmann::json;

constexpr Time kNow{std::chrono::seconds(1'800'000'000)};

/// On one line, short, and UTF-8: dump() throws where it is not.
void check_message(const std::string& message) {
  (void)json(message).dump();
  fuzz::require(!message.empty() && message.size() < 1000, "a condition without bounds");
  fuzz::require(std::ranges::none_of(message, [](char c) { return c == '\n' || c == '\0'; }), "more than one line");
}

void check_answer(std::string_view status, std::string_view wait, std::string_view body) {
  const github::Source source{.secret = "s", .app = {"1", "2", Secret("key")}, .api = "https://h"};
  const http::Response answer{.status = status.empty() ? 201 : 200 + 8 * (status.front() & 31),
                              .headers = {{"Retry-After", std::string(wait)}},
                              .body = std::string(body)};
  const auto token = github::read_answer(answer, source, kNow);
  if (!token) return check_message(token.error().message);
  fuzz::require(std::ranges::all_of(token->value.reveal(), [](char c) { return c > ' ' && c < 0x7f; }), "no token");
  fuzz::require(github::refresh_at(token->life, 0.5) > kNow, "a token that is replaced without end");
  const json secret = github::build_token_secret(json::object(), *token, "id");
  fuzz::require(github::read_token_secret(secret)->value().life == token->life, "it is not read as it was written");
}

void check_secret(std::string_view id, std::string_view installation, std::string_view key, std::string_view repo) {
  SecretSpec secret;
  secret.values = {{"appID", Secret(std::string(id))},
                   {"installationID", Secret(std::string(installation))},
                   {"privateKey", Secret(std::string(key))}};
  if (key.starts_with("-----BEGIN")) {  // OpenSSL takes its time to see that there is none
    const Result<Secret> jwt = github::sign_jwt("1", Secret(std::string(key)), kNow);
    if (!jwt) check_message(jwt.error().message);
  }
  const Result<github::App> app = github::read_app("s", secret);
  if (!app) return check_message(app.error().message);
  const Result<std::string> api = github::api_of(std::string(repo));
  if (!api) return check_message(api.error().message);
  const Result<http::Url> before = http::parse_url(*api);
  const http::Request request = github::token_request({.secret = "s", .app = *app, .api = *api}, Secret("jwt"));
  const Result<http::Url> after = http::parse_url(request.url);
  fuzz::require(before.has_value() == after.has_value(), "the App makes a good URL bad");
  if (after) fuzz::require(http::origin_of(*before) == http::origin_of(*after), "the App leads to another host");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 20'000) return 0;
  const std::vector<std::string_view> parts = fuzz::parts_of(fuzz::text_of(data, size), 7);
  check_secret(parts[0], parts[1], parts[2], parts[3]);
  check_answer(parts[4], parts[5], parts[6]);
  return 0;
}
