#include "cli/local_status.hpp"

#include "core/contract.hpp"
#include "core/documents.hpp"
#include "core/fields.hpp"
#include "core/json_text.hpp"
#include "core/timestamp.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

void put(json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

std::string dump(const json& value) { return json_text(value, 2) + "\n"; }

/// Results and usage have one form on disk: the report's.
json report_json(const LocalStatus& status) {
  Report report;
  report.finished = true;
  report.results = status.results;
  report.usage = status.usage;
  return json::parse(axon::to_json(report, std::size_t{1} << 20U), nullptr, /*allow_exceptions=*/false);
}

Result<json> parse_object(std::string_view text, const std::string& source) {
  json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!value.is_object()) return fail(Errc::InvalidInput, source + ": damaged; expected a JSON object");
  return value;
}

void take_results(LocalStatus& status, const Report& report) {
  status.results = report.results;
  status.usage = report.usage;
}

void set_outcome(LocalStatus& status, const Outcome& outcome) {
  status.phase = outcome.succeeded() ? "Succeeded" : "Failed";
  status.reason = outcome.succeeded() ? "" : std::string(to_string(outcome.failure->reason));
  status.message = outcome.succeeded() ? "" : outcome.failure->message;
}

/// Without a report there is the exit code only.
Failure failure_by_exit_code(int code, std::string_view step) {
  const std::string how = "axon-entrypoint " + std::string(step) + " ended with exit code " + std::to_string(code);
  switch (code) {
    case contract::exit_code::kCloneFailed:
      return {Reason::CloneFailed, how + "; its output above says why"};
    case contract::exit_code::kConfigInvalid:
      return {Reason::ConfigInvalid, how + "; its output above says why"};
    case contract::exit_code::kTimedOut:
      return {Reason::DeadlineExceeded, how};
    case contract::exit_code::kCancelled:
      return {Reason::Cancelled, how};
    case contract::exit_code::kAgentNotFound:
      return {Reason::AgentNotFound, how};
    default:
      return {code > 128 ? Reason::AgentCrashed : Reason::AgentError, how + " and left no report"};
  }
}

}  // namespace

std::string to_json(const LocalSpec& spec) {
  json object = {{"name", spec.name}, {"type", spec.type}, {"prompt", spec.prompt}, {"sandbox", spec.sandbox}};
  put(object, "model", spec.model);
  put(object, "source", spec.source);
  put(object, "ref", spec.ref);
  put(object, "branch", spec.branch);
  put(object, "manifest", spec.manifest);
  if (spec.deadline_seconds != 0) object["deadlineSeconds"] = spec.deadline_seconds;
  return dump(object);
}

Result<LocalSpec> parse_local_spec(std::string_view text, const std::string& source) {
  const Result<json> object = parse_object(text, source);
  if (!object) return std::unexpected(object.error());
  Problems problems;
  Fields fields(*object, "", problems);
  LocalSpec spec;
  spec.name = fields.text("name");
  spec.type = fields.text("type");
  spec.model = fields.text("model");
  spec.prompt = fields.text("prompt");
  spec.source = fields.text("source");
  spec.ref = fields.text("ref");
  spec.branch = fields.text("branch");
  spec.manifest = fields.text("manifest");
  spec.sandbox = fields.text("sandbox");
  spec.deadline_seconds = fields.integer("deadlineSeconds", 0, INT64_MAX).value_or(0);
  if (!problems.empty()) return fail(Errc::InvalidInput, to_string(problems, source));
  return spec;
}

std::string to_json(const LocalStatus& status) {
  json object = {{"phase", status.phase}, {"report", report_json(status)}};
  put(object, "reason", status.reason);
  put(object, "message", status.message);
  put(object, "startTime", status.start_time);
  put(object, "completionTime", status.completion_time);
  if (status.exit_code) object["exitCode"] = *status.exit_code;
  return dump(object);
}

Result<LocalStatus> parse_local_status(std::string_view text, const std::string& source) {
  const Result<json> object = parse_object(text, source);
  if (!object) return std::unexpected(object.error());
  Problems problems;
  Fields fields(*object, "", problems);
  LocalStatus status;
  status.phase = fields.one_of("phase", {"Pending", "Running", "Succeeded", "Failed"}, "Pending");
  status.reason = fields.text("reason");
  status.message = fields.text("message");
  status.start_time = fields.text("startTime");
  status.completion_time = fields.text("completionTime");
  if (const auto code = fields.integer("exitCode", 0, 255)) status.exit_code = static_cast<int>(*code);
  if (const json* report = fields.object("report")) {
    if (const auto parsed = parse_report(report->dump())) take_results(status, *parsed);
  }
  if (!problems.empty()) return fail(Errc::InvalidInput, to_string(problems, source));
  return status;
}

LocalStatus finish(LocalStatus status, const std::optional<Report>& report, int exit_code, std::string_view step,
                   std::chrono::sys_seconds now) {
  status.completion_time = format_time(now);
  status.exit_code = exit_code;
  if (report) take_results(status, *report);
  if (report && report->finished) {
    set_outcome(status, report->outcome);
  } else if (exit_code == 0) {
    set_outcome(status, {});
  } else {
    set_outcome(status, {failure_by_exit_code(exit_code, step)});
  }
  return status;
}

LocalStatus settle(LocalStatus stored, bool is_locked, const std::optional<Report>& report) {
  const bool ended = stored.phase == "Succeeded" || stored.phase == "Failed";
  if (ended || is_locked) return stored;
  if (report) take_results(stored, *report);
  if (report && report->finished) {
    set_outcome(stored, report->outcome);
    stored.exit_code = report->exit_code;
    return stored;
  }
  stored.phase = "Failed";
  stored.reason = "Interrupted";
  stored.message = "axon ended before the agent did; these are the results of the last checkpoint";
  return stored;
}

json task_object(const LocalSpec& spec, const LocalStatus& status, const std::string& directory) {
  json object = {{"apiVersion", kApiVersion}, {"kind", "Task"}, {"metadata", {{"name", spec.name}}}};
  put(object["metadata"], "creationTimestamp", status.start_time);
  json& wanted = object["spec"] = {{"type", spec.type}, {"prompt", spec.prompt}};
  put(wanted, "model", spec.model);
  put(wanted, "branch", spec.branch);
  json& now = object["status"] = {{"phase", status.phase}};
  put(now, "reason", status.reason);
  put(now, "message", status.message);
  put(now, "startTime", status.start_time);
  put(now, "completionTime", status.completion_time);
  if (status.exit_code) now["exitCode"] = *status.exit_code;
  put(now, "directory", directory);
  put(now, "source", spec.source);
  put(now, "sandbox", spec.sandbox);
  Report report;
  report.results = status.results;
  report.usage = status.usage;
  report.results.response.clear();  // is base64 there; people want the text
  now["outputs"] = output_lines(report);
  now["results"] = json::object();
  for (const std::string& line : output_lines(report)) {
    const std::size_t colon = line.find(": ");
    now["results"].emplace(line.substr(0, colon), line.substr(colon + 2));  // the first pr counts
  }
  put(now, "response", status.results.response);
  return object;
}

}  // namespace axon::cli
