#include "adapters/manifest/rule.hpp"

#include <algorithm>

#include "adapters/quote.hpp"

namespace axon::manifest {
namespace {

using stream::Kind;
using stream::Record;
using stream::Value;

/// What a rule sees: the whole line, and for its local paths one element of it.
class Scope {
 public:
  Scope(const Rule& rule, const Stream& stream, const Record& record, std::span<const Value> element)
      : rule_(rule), stream_(stream), record_(record), element_(element) {}

  [[nodiscard]] const Value* find(const PathRef& ref) const {
    const std::span<const Value> values = ref.local ? element_ : record_.values;
    const auto found = std::find_if(values.rbegin(), values.rend(), [&](const Value& v) { return v.path == ref.id; });
    return found == values.rend() ? nullptr : &*found;
  }

  /// The first of the field's paths that says something; null if none does.
  [[nodiscard]] const Value* value(const std::string& field) const {
    const auto paths = rule_.fields.find(field);
    if (paths == rule_.fields.end()) return nullptr;
    for (const PathRef& ref : paths->second) {
      const Value* found = find(ref);
      const bool is_empty =
          found == nullptr || found->kind == Kind::Null || (found->kind == Kind::String && found->text.empty());
      if (!is_empty) return found;
    }
    return nullptr;
  }

  [[nodiscard]] std::string text(const std::string& field) const {
    const Value* found = value(field);
    return found == nullptr ? std::string() : std::string(found->text);
  }

  [[nodiscard]] std::optional<std::int64_t> integer(const std::string& field) const {
    const Value* found = value(field);
    return found == nullptr ? std::nullopt : stream::to_integer(*found);
  }

  /// Set to something else than false, 0 or nothing.
  [[nodiscard]] bool is_set(const std::string& field) const {
    const Value* found = value(field);
    return found != nullptr && found->kind != Kind::False && !(found->kind == Kind::Number && found->text == "0");
  }

  /// The sum over all values of all the field's paths.
  [[nodiscard]] std::optional<double> sum(const std::string& field) const {
    const auto paths = rule_.fields.find(field);
    if (paths == rule_.fields.end()) return std::nullopt;
    std::optional<double> total;
    for (const PathRef& ref : paths->second) {
      for (const Value& v : ref.local ? element_ : record_.values) {
        if (v.path != ref.id) continue;
        if (const std::optional<double> number = stream::to_number(v)) total = total.value_or(0) + *number;
      }
    }
    return total;
  }

  /// A number, or how many values there are under a path that ends with "[]".
  [[nodiscard]] int count(const std::string& field) const {
    const auto paths = rule_.fields.find(field);
    if (paths == rule_.fields.end()) return 0;
    const PathRef ref = paths->second.front();
    if (!stream_.path_names[static_cast<std::size_t>(ref.id)].ends_with("[]")) {
      return static_cast<int>(integer(field).value_or(0));
    }
    return static_cast<int>(std::ranges::count(ref.local ? element_ : record_.values, ref.id, &Value::path));
  }

  [[nodiscard]] bool holds() const {
    return std::ranges::all_of(rule_.when, [&](const Condition& condition) { return holds(condition); });
  }

  [[nodiscard]] const Rule& rule() const { return rule_; }

 private:
  [[nodiscard]] bool holds(const Condition& condition) const {
    const Value* found = find(condition.path);
    if (condition.exists) return (found != nullptr) == *condition.exists;
    if (condition.contains) {
      return found != nullptr && found->kind == Kind::String && found->text.contains(*condition.contains);
    }
    return std::ranges::any_of(condition.any_of, [&](const auto& wanted) { return equals(wanted, found); });
  }

  static bool equals(const std::variant<std::nullptr_t, bool, double, std::string>& wanted, const Value* found) {
    if (std::holds_alternative<std::nullptr_t>(wanted)) return found == nullptr || found->kind == Kind::Null;
    if (found == nullptr) return false;
    if (const auto* flag = std::get_if<bool>(&wanted)) return found->kind == (*flag ? Kind::True : Kind::False);
    if (const auto* number = std::get_if<double>(&wanted)) return stream::to_number(*found) == *number;
    return found->kind == Kind::String && found->text == std::get<std::string>(wanted);
  }

  const Rule& rule_;
  const Stream& stream_;
  const Record& record_;
  std::span<const Value> element_;
};

std::int64_t tokens(const Scope& scope, const std::string& field) {
  constexpr double kLimit = 9e15;
  return static_cast<std::int64_t>(std::clamp(scope.sum(field).value_or(0), 0.0, kLimit));
}

Usage usage_of(const Scope& scope) {
  Usage usage;
  usage.cache_read_tokens = tokens(scope, "cacheRead");
  usage.cache_write_tokens = tokens(scope, "cacheWrite");
  usage.reasoning_tokens = tokens(scope, "reasoning");
  usage.input_tokens = tokens(scope, "input");
  usage.output_tokens = tokens(scope, "output");
  if (!scope.rule().input_includes_cache) usage.input_tokens += usage.cache_read_tokens + usage.cache_write_tokens;
  if (!scope.rule().output_includes_reasoning) usage.output_tokens += usage.reasoning_tokens;
  usage.cost_usd = scope.sum("cost");
  return usage;
}

Failure failure_of(const Scope& scope, const std::string& agent) {
  Failure failure;
  const std::string words = quote(scope.text("message"));
  failure.message = "The agent " + agent + " reported an error" + (words.empty() ? "" : ": " + words) + ".";
  if (const auto status = scope.integer("status")) {
    failure.reason = reason_from_http_status(static_cast<int>(*status)).value_or(Reason::AgentError);
  }
  failure.reason = parse_reason(scope.text("reasonFrom")).value_or(failure.reason);
  failure.reason = scope.rule().reason.value_or(failure.reason);
  return failure;
}

event::Finished result_of(const Scope& scope, const std::string& agent) {
  event::Finished finished;
  if (scope.is_set("isError") || scope.is_set("message") || scope.rule().reason)
    finished.failure = failure_of(scope, agent);
  finished.response = scope.text("response");
  if (const auto turns = scope.integer("turns")) finished.turns = static_cast<int>(*turns);
  return finished;
}

event::Retry retry_of(const Scope& scope, const std::string& agent) {
  return {static_cast<int>(scope.integer("attempt").value_or(0)),
          static_cast<int>(scope.integer("maxAttempts").value_or(0)), failure_of(scope, agent)};
}

Event event_of(const Scope& scope, const std::string& agent) {
  switch (scope.rule().kind) {
    case EventKind::Session:
      return event::SessionStarted{scope.text("id"), scope.text("model")};
    case EventKind::Text:
      return event::Text{scope.text("text"), scope.is_set("subagent")};
    case EventKind::ToolCall:
      return event::ToolCall{scope.text("id"), scope.text("name"), scope.text("arguments"), scope.is_set("subagent")};
    case EventKind::ToolResult:
      return event::ToolResult{scope.text("id"), scope.is_set("isError")};
    case EventKind::Turn:
      return event::Turn{};
    case EventKind::Retry:
      return retry_of(scope, agent);
    case EventKind::BackgroundTasks:
      return event::BackgroundTasks{scope.count("running")};
    case EventKind::UsageStep:
      return event::UsageStep{usage_of(scope)};
    case EventKind::UsageTotal:
      return event::UsageTotal{usage_of(scope)};
    case EventKind::Problem:
      return event::Problem{failure_of(scope, agent)};
    case EventKind::Result:
      break;
  }
  return result_of(scope, agent);
}

bool apply_to(const Scope& scope, const std::string& agent, const RuleSink& sink) {
  if (!scope.holds()) return false;
  sink(scope.rule(), event_of(scope, agent), scope.is_set("delta"));
  return true;
}

}  // namespace

bool apply_rule(const Rule& rule, const Stream& stream, const Record& record, const std::string& agent,
                const RuleSink& sink) {
  if (!rule.each) return apply_to(Scope(rule, stream, record, {}), agent, sink);
  bool gave = false;
  const auto is_start = [&](const Value& value) { return value.path == *rule.each; };
  auto begin = std::ranges::find_if(record.values, is_start);
  while (begin != record.values.end()) {
    const auto end = std::find_if(std::next(begin), record.values.end(), is_start);
    gave = apply_to(Scope(rule, stream, record, {begin, end}), agent, sink) || gave;
    begin = end;
  }
  return gave;
}

}  // namespace axon::manifest
