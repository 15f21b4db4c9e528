#include "core/report.hpp"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/contract.hpp"
#include "core/encoding.hpp"
#include "core/json_text.hpp"

namespace axon {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object[std::string(key)] = to_valid_utf8(text);
}

Json results_json(const Results& results) {
  Json object = Json::object();
  put(object, contract::key::kBranch, results.branch);
  if (!results.pull_requests.empty()) object[std::string(contract::key::kPullRequest)] = results.pull_requests;
  put(object, contract::key::kCommit, results.commit);
  put(object, contract::key::kBaseBranch, results.base_branch);
  put(object, contract::key::kModel, results.model);
  if (results.turns) object[std::string(contract::key::kTurns)] = *results.turns;
  put(object, contract::key::kSessionId, results.session_id);
  put(object, contract::key::kResponse, results.response);
  return object;
}

Json usage_json(const Usage& usage) {
  Json object = {{"inputTokens", usage.input_tokens},
                 {"outputTokens", usage.output_tokens},
                 {"cacheReadTokens", usage.cache_read_tokens},
                 {"cacheWriteTokens", usage.cache_write_tokens},
                 {"reasoningTokens", usage.reasoning_tokens}};
  if (usage.cost_usd) object["costUSD"] = *usage.cost_usd;
  return object;
}

std::string render(const Report& report) {
  Json json = {{"version", contract::kVersion}, {"phase", report.finished ? "Finished" : "Running"}};
  if (report.finished) {
    json["outcome"] = report.outcome.succeeded() ? "Succeeded" : "Failed";
    if (const auto& failure = report.outcome.failure) {
      json["reason"] = to_string(failure->reason);
      json["message"] = to_valid_utf8(failure->message);
      json["retryable"] = is_retryable(failure->reason);
    }
    json["exitCode"] = report.exit_code;
  }
  json["results"] = results_json(report.results);
  if (report.usage) json["usage"] = usage_json(*report.usage);
  return json_text(json);
}

/// A number that is there and fits; else 0: the report of a third party's image may hold anything. Throws as nlohmann
/// does if it is no number.
template <class Number>
Number count(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  if (found == object.end()) return 0;
  if (found->is_number_float() && !(std::abs(found->get<double>()) < 9e18)) return 0;
  if (found->is_number_unsigned() && !std::in_range<Number>(found->get<std::uint64_t>())) return 0;
  const auto number = found->get<std::int64_t>();
  return std::in_range<Number>(number) ? static_cast<Number>(number) : Number{0};
}

/// Cuts `text` so that the report loses at least `excess` bytes, as far as the text goes. Escapes only ever make the
/// rendered text longer than the text itself, so this never cuts too little twice in a row.
void shorten(std::string& text, std::size_t excess) {
  static constexpr std::string_view kEllipsis = "…";
  const std::size_t keep = text.size() > excess + kEllipsis.size() ? text.size() - excess - kEllipsis.size() : 0;
  text = std::string(utf8_prefix(text, keep));
  if (!text.empty()) text += kEllipsis;
}

}  // namespace

std::string to_json(const Report& report, std::size_t limit) {
  std::string json = render(report);
  if (json.size() <= limit) return json;
  Report shorter = report;
  const auto cut = [&](std::string& text) {
    while (json.size() > limit && !text.empty()) {
      shorten(text, json.size() - limit);
      json = render(shorter);
    }
  };
  cut(shorter.results.response);
  if (shorter.outcome.failure) cut(shorter.outcome.failure->message);
  while (json.size() > limit && shorter.results.pull_requests.size() > 2) {
    shorter.results.pull_requests.pop_back();
    json = render(shorter);
  }
  cut(shorter.results.session_id);
  cut(shorter.results.model);
  return json;
}

Result<Report> parse_report(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return fail(Errc::InvalidInput, "report: not a JSON object");
  try {
    if (json.value("version", "") != contract::kVersion) {
      return fail(Errc::InvalidInput, "report: version is not " + std::string(contract::kVersion));
    }
    Report report;
    report.finished = json.value("phase", "") == "Finished";
    report.exit_code = count<int>(json, "exitCode");
    if (json.value("outcome", "") == "Failed") {
      report.outcome.failure =
          Failure{parse_reason(json.value("reason", "")).value_or(Reason::AgentError), json.value("message", "")};
    }
    const Json results = json.value("results", Json::object());
    const auto text_of = [&](std::string_view key) { return results.value(std::string(key), ""); };
    report.results.branch = text_of(contract::key::kBranch);
    report.results.pull_requests = results.value(std::string(contract::key::kPullRequest), std::vector<std::string>());
    report.results.commit = text_of(contract::key::kCommit);
    report.results.base_branch = text_of(contract::key::kBaseBranch);
    report.results.model = text_of(contract::key::kModel);
    report.results.session_id = text_of(contract::key::kSessionId);
    report.results.response = text_of(contract::key::kResponse);
    if (results.contains(contract::key::kTurns)) report.results.turns = count<int>(results, "turns");
    if (const auto found = json.find("usage"); found != json.end()) {
      if (!found->is_object()) return fail(Errc::InvalidInput, "report: usage: not a JSON object");
      Usage usage;
      usage.input_tokens = count<std::int64_t>(*found, "inputTokens");
      usage.output_tokens = count<std::int64_t>(*found, "outputTokens");
      usage.cache_read_tokens = count<std::int64_t>(*found, "cacheReadTokens");
      usage.cache_write_tokens = count<std::int64_t>(*found, "cacheWriteTokens");
      usage.reasoning_tokens = count<std::int64_t>(*found, "reasoningTokens");
      if (found->contains("costUSD")) usage.cost_usd = found->value("costUSD", 0.0);
      report.usage = usage;
    }
    return report;
  } catch (const Json::exception& e) {
    return fail(Errc::InvalidInput, std::string("report: ") + e.what());
  }
}

}  // namespace axon
