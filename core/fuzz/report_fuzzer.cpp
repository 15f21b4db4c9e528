// Reports and logs of arbitrary text. A report that was read is written within the kubelet's limit, and read again as
// it was; the block that was printed last is the one that is found, whatever stands in front of it.
#include "core/fuzz/fuzz.hpp"
#include "core/report.hpp"

namespace {

using namespace axon;

/// What is never cut, however long it is.
bool has_room(const Report& report) {
  std::size_t kept = report.results.branch.size() + report.results.commit.size() + report.results.base_branch.size();
  for (std::size_t i = 0; i < report.results.pull_requests.size() && i < 2; ++i) {
    kept += report.results.pull_requests[i].size();
  }
  return kept < 400;  // six bytes each when escaped
}

void check(const Report& report, std::string_view log) {
  const Result<Report> second = parse_report(to_json(report, SIZE_MAX));
  fuzz::require(second.has_value(), "what was written cannot be read");
  const Result<Report> third = parse_report(to_json(*second, SIZE_MAX));
  fuzz::require(third && *third == *second, "what was written is not read the same");
  const std::string cut = to_json(report, contract::kReportLimit);
  fuzz::require(parse_report(cut).has_value(), "what was cut cannot be read");
  fuzz::require(!has_room(report) || cut.size() <= contract::kReportLimit, "longer than the limit");
  const std::string block = marker_block(report);
  if (block.empty()) return;
  fuzz::require(parse_marker_block(std::string(log) + "\n" + block) == output_lines(report),
                "another block than the last one was found");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::string_view> parts = fuzz::parts_of(fuzz::text_of(data, size), 2);
  for (const std::string& line : parse_marker_block(parts[1])) {
    fuzz::require(!line.contains('\n'), "a line of the block has a newline");
  }
  if (const Result<Report> report = parse_report(parts[0])) check(*report, parts[1]);
  return 0;
}
