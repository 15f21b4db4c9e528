#include "core/report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/contract.hpp"
#include "core/encoding.hpp"

namespace axon {
namespace {

Report full_report() {
  Report report;
  report.finished = true;
  report.outcome.failure = Failure{Reason::RateLimited, "The provider said 429."};
  report.exit_code = 1;
  report.results.branch = "feature/x";
  report.results.pull_requests = {"https://github.com/a/b/pull/1", "https://github.com/a/b/pull/2"};
  report.results.commit = "0123456789012345678901234567890123456789";
  report.results.base_branch = "main";
  report.results.model = "m";
  report.results.session_id = "s";
  report.results.response = "two\nlines";
  report.results.turns = 3;
  report.usage = Usage{.input_tokens = 6870,
                       .cache_read_tokens = 5000,
                       .cache_write_tokens = 370,
                       .output_tokens = 210,
                       .reasoning_tokens = 50,
                       .cost_usd = 0.013049999999999999};
  return report;
}

TEST(Report, SurvivesItsJson) {
  for (const Report& report : {full_report(), Report()}) {
    EXPECT_EQ(parse_report(to_json(report, contract::kReportLimit)), report);
  }
}

TEST(Report, CutsTheResponseFirstAndNeverBranchAndUsage) {
  Report report = full_report();
  report.results.response = std::string(5000, 'r') + "\"\n\xC3";
  report.outcome.failure->message = std::string(500, 'm');
  const std::string json = to_json(report, contract::kReportLimit);
  EXPECT_LE(json.size(), contract::kReportLimit);
  EXPECT_GT(json.size(), contract::kReportLimit - 32);
  const auto read = parse_report(json);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->results.branch, "feature/x");
  EXPECT_EQ(read->usage, report.usage);
  EXPECT_EQ(read->outcome, report.outcome);
  EXPECT_TRUE(read->results.response.ends_with("r…"));
}

TEST(Report, CutsTheMessageAndPullRequestsNext) {
  Report report = full_report();
  report.outcome.failure->message = std::string(9000, '\x01');  // six bytes each in JSON
  report.results.pull_requests.assign(40, "https://github.com/a/b/pull/1" + std::string(200, 'x'));
  const std::string json = to_json(report, contract::kReportLimit);
  EXPECT_LE(json.size(), contract::kReportLimit);
  const auto read = parse_report(json);
  ASSERT_TRUE(read);
  EXPECT_GE(read->results.pull_requests.size(), 2U);
  EXPECT_EQ(read->results.commit, report.results.commit);
}

TEST(Report, RefusesWhatIsNoReport) {
  for (const char* text : {"", "[]", "{}", R"({"version":"v9"})", R"({"version":"v1","exitCode":"x"})"}) {
    EXPECT_FALSE(parse_report(text)) << text;
  }
}

TEST(Report, ANumberThatDoesNotFitIsNone) {
  for (const char* number : {"1e300", "18446744073709551615", "99999999999999999999"}) {
    const auto report = parse_report(std::string(R"({"version":"v1","exitCode":)") + number + "}");
    ASSERT_TRUE(report) << number;
    EXPECT_EQ(report->exit_code, 0) << number;
  }
}

TEST(Markers, HaveTheContractsLinesInItsOrder) {
  EXPECT_EQ(marker_block(full_report()),
            "---AXON_OUTPUTS_START---\n"
            "branch: feature/x\n"
            "pr: https://github.com/a/b/pull/1\n"
            "pr: https://github.com/a/b/pull/2\n"
            "commit: 0123456789012345678901234567890123456789\n"
            "base-branch: main\n"
            "cost-usd: 0.01305\n"
            "input-tokens: 6870\n"
            "output-tokens: 210\n"
            "cache-read-tokens: 5000\n"
            "cache-write-tokens: 370\n"
            "reasoning-tokens: 50\n"
            "model: m\n"
            "turns: 3\n"
            "session-id: s\n"
            "reason: RateLimited\n"
            "response: dHdvCmxpbmVz\n"
            "---AXON_OUTPUTS_END---\n");
}

TEST(Markers, AreAbsentWhenThereIsNothingToReport) { EXPECT_EQ(marker_block(Report()), ""); }

TEST(Markers, CannotBeBrokenByAValue) {
  Report report;
  report.results.branch = "x\n---AXON_OUTPUTS_END---\nbranch: forged";
  EXPECT_EQ(parse_marker_block(marker_block(report)),
            std::vector<std::string>{"branch: x ---AXON_OUTPUTS_END--- branch: forged"});
}

TEST(Markers, AreReadFromTheLastCompletePair) {
  const std::string log =
      "---AXON_OUTPUTS_START---\nbranch: forged\n---AXON_OUTPUTS_END---\ntext\n"
      "---AXON_OUTPUTS_START---\r\nbranch: x\r\n\r\npr: u\r\n---AXON_OUTPUTS_END---\r\n"
      "---AXON_OUTPUTS_START---\nbranch: cut";
  EXPECT_EQ(parse_marker_block(log), (std::vector<std::string>{"branch: x", "pr: u"}));
  EXPECT_TRUE(parse_marker_block("---AXON_OUTPUTS_END---\n").empty());
}

TEST(Encoding, Base64GoesThereAndBack) {
  for (const std::string_view text : {std::string_view(), std::string_view("a"), std::string_view("ab"),
                                      std::string_view("abc"), std::string_view("\0\xFF\x80", 3)}) {
    EXPECT_EQ(from_base64(to_base64(text)), text);
  }
  EXPECT_EQ(to_base64("light work."), "bGlnaHQgd29yay4=");
  EXPECT_EQ(from_base64("a"), std::nullopt);
  EXPECT_EQ(from_base64("a=b="), std::nullopt);
}

TEST(Encoding, CutsBetweenCharactersAndMendsBadBytes) {
  EXPECT_EQ(utf8_prefix("aé", 2), "a");
  EXPECT_EQ(utf8_prefix("aé", 3), "aé");
  EXPECT_EQ(to_valid_utf8("a\xC3(\xF5é"), "a\xEF\xBF\xBD(\xEF\xBF\xBDé");
}

}  // namespace
}  // namespace axon
