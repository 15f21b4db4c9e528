// The block of `key: value` lines on stdout.
#include <algorithm>

#include "core/contract.hpp"
#include "core/encoding.hpp"
#include "core/report.hpp"

namespace axon {
namespace {

/// One value on one line: what is between the markers must not be able to end a line or the block.
std::string one_line(std::string text) {
  std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

}  // namespace

std::vector<std::string> output_lines(const Report& report) {
  std::vector<std::string> lines;
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) lines.push_back(std::string(key) + ": " + one_line(value));
  };
  const auto add_count = [&](std::string_view key, std::int64_t count, bool always) {
    if (always || count != 0) lines.push_back(std::string(key) + ": " + std::to_string(count));
  };
  const Results& results = report.results;
  add(contract::key::kBranch, results.branch);
  for (const std::string& url : results.pull_requests) add(contract::key::kPullRequest, url);
  add(contract::key::kCommit, results.commit);
  add(contract::key::kBaseBranch, results.base_branch);
  if (const auto& usage = report.usage) {
    if (usage->cost_usd) add(contract::key::kCostUsd, format_cost(*usage->cost_usd));
    add_count(contract::key::kInputTokens, usage->input_tokens, true);
    add_count(contract::key::kOutputTokens, usage->output_tokens, true);
    add_count(contract::key::kCacheReadTokens, usage->cache_read_tokens, false);
    add_count(contract::key::kCacheWriteTokens, usage->cache_write_tokens, false);
    add_count(contract::key::kReasoningTokens, usage->reasoning_tokens, false);
  }
  add(contract::key::kModel, results.model);
  if (results.turns) add_count(contract::key::kTurns, *results.turns, true);
  add(contract::key::kSessionId, results.session_id);
  if (const auto& failure = report.outcome.failure) {
    add(contract::key::kReason, std::string(to_string(failure->reason)));
  }
  add(contract::key::kResponse, to_base64(results.response));
  return lines;
}

std::string marker_block(const Report& report, const contract::Dialect& dialect) {
  const std::vector<std::string> lines = output_lines(report);
  if (lines.empty()) return {};
  std::string block = std::string(dialect.outputs_start) + "\n";
  for (const std::string& line : lines) block += line + "\n";
  block += std::string(dialect.outputs_end) + "\n";
  return block;
}

std::vector<std::string> parse_marker_block(std::string_view log) {
  std::vector<std::string> last;
  std::vector<std::string> open;
  bool inside = false;
  while (!log.empty()) {
    const std::size_t newline = log.find('\n');
    std::string_view line = log.substr(0, newline);
    log.remove_prefix(newline == std::string_view::npos ? log.size() : newline + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (contract::is_outputs_start(line)) {
      inside = true;
      open.clear();
    } else if (inside && contract::is_outputs_end(line)) {
      inside = false;
      last = std::move(open);
      open.clear();
    } else if (inside && !line.empty()) {
      open.emplace_back(line);
    }
  }
  return last;
}

}  // namespace axon
