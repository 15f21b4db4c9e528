#include "entrypoint/workspace/lfs/protocol.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/timestamp.hpp"

namespace axon::lfs {
namespace {

using nlohmann::json;

/// RFC 3339 with an offset too: "2016-11-10T15:29:07.5+01:00". Before 1970, as "0001-01-01", it means never.
std::optional<Moment> parse_moment(const std::string& text) {
  constexpr std::size_t kSeconds = std::string_view("2016-11-10T15:29:07").size();
  const std::optional<Time> local = parse_time(text.substr(0, kSeconds) + "Z");
  if (!local || local->time_since_epoch().count() < 0) return std::nullopt;
  const std::size_t zone = text.find_first_of("+-", kSeconds);
  int hours = 0;
  int minutes = 0;
  if (zone == std::string::npos || std::sscanf(text.c_str() + zone + 1, "%d:%d", &hours, &minutes) != 2) return *local;
  const auto offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return text[zone] == '+' ? *local - offset : *local + offset;
}

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::int64_t number_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

/// A header with a line break in it would be a second one.
bool is_header(const std::string& name, const std::string& value) {
  return !name.empty() && name.find_first_of(": \r\n") == std::string::npos &&
         value.find_first_of("\r\n") == std::string::npos;
}

Action parse_action(const json& object, Moment now) {
  Action action;
  action.href = text_of(object, "href");
  if (const auto headers = object.find("header"); headers != object.end() && headers->is_object()) {
    for (const auto& [name, value] : headers->items()) {
      const std::string text = value.is_string() ? value.get<std::string>() : "";
      if (is_header(name, text)) action.headers.push_back({name, text});
    }
  }
  if (const std::int64_t seconds = number_of(object, "expires_in"); seconds != 0) {
    action.expires = now + std::chrono::seconds(seconds);
  } else {
    action.expires = parse_moment(text_of(object, "expires_at"));
  }
  return action;
}

}  // namespace

std::string default_url(const RepoUrl& repo) {
  if (repo.kind == RepoUrl::Kind::Local) return "";
  std::string base = credential_origin(repo);
  if (base.empty()) base = "https://" + (repo.host.contains(':') ? "[" + repo.host + "]" : repo.host);
  return base + "/" + repo.path + (repo.path.ends_with(".git") ? "" : ".git") + "/info/lfs";
}

std::string batch_request(const std::vector<Pointer>& objects) {
  json request = {{"operation", "download"}, {"transfers", {"basic"}}, {"hash_algo", "sha256"}};
  for (const Pointer& object : objects) request["objects"].push_back({{"oid", object.oid}, {"size", object.size}});
  return request.dump();
}

Result<std::vector<Answer>> parse_batch(std::string_view text, Moment now) {
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !document.contains("objects") || !document["objects"].is_array()) {
    return fail(Errc::Unavailable, "the answer is none of Git LFS's batch API");
  }
  if (const std::string transfer = text_of(document, "transfer"); !transfer.empty() && transfer != "basic") {
    return fail(Errc::Unavailable, "the server wants the transfer \"" + transfer + "\"; only basic is known here");
  }
  std::vector<Answer> answers;
  for (const json& object : document["objects"]) {
    if (!object.is_object()) continue;
    Answer answer;
    answer.oid = text_of(object, "oid");
    if (const auto error = object.find("error"); error != object.end() && error->is_object()) {
      answer.code = static_cast<int>(number_of(*error, "code"));
      answer.message = text_of(*error, "message");
    }
    const json& actions = object.contains("actions") ? object["actions"] : json();
    if (actions.is_object() && actions.contains("download") && actions["download"].is_object()) {
      answer.download = parse_action(actions["download"], now);
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::string refusal(std::string_view body) {
  const json document = json::parse(body, nullptr, /*allow_exceptions=*/false);
  return document.is_object() ? text_of(document, "message") : "";
}

std::string authenticate_command(const RepoUrl& repo) {
  return "git-lfs-authenticate " + std::string(repo.text.starts_with("ssh://") ? "/" : "") + repo.path + " download";
}

Result<Action> parse_authenticate(std::string_view text, Moment now) {
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return fail(Errc::Unavailable, "git-lfs-authenticate printed no JSON");
  return parse_action(document, now);
}

}  // namespace axon::lfs
