#include <algorithm>
#include <array>

#include "adapters/manifest/read.hpp"

namespace axon::manifest {
namespace {

using nlohmann::json;

struct KindSpec {
  std::string_view name;
  EventKind kind;
  std::vector<std::string> fields;
};

const std::vector<KindSpec>& kinds() {
  static const std::vector<std::string> usage = {"input", "cacheRead", "cacheWrite", "output", "reasoning", "cost"};
  static const std::vector<KindSpec> table = {
      {"session", EventKind::Session, {"id", "model"}},
      {"text", EventKind::Text, {"text", "subagent", "delta"}},
      {"toolCall", EventKind::ToolCall, {"id", "name", "arguments", "subagent"}},
      {"toolResult", EventKind::ToolResult, {"id", "isError"}},
      {"turn", EventKind::Turn, {}},
      {"retry", EventKind::Retry, {"attempt", "maxAttempts", "message", "status"}},
      {"backgroundTasks", EventKind::BackgroundTasks, {"running"}},
      {"usageStep", EventKind::UsageStep, usage},
      {"usageTotal", EventKind::UsageTotal, usage},
      {"problem", EventKind::Problem, {"message", "status", "reasonFrom"}},
      {"result", EventKind::Result, {"response", "turns", "isError", "message", "status", "reasonFrom"}},
  };
  return table;
}

/// The paths of all rules, each once.
class Table {
 public:
  int id(const std::string& path, bool as_json = false) {
    const auto found = std::ranges::find(specs_, path, &stream::PathSpec::path);
    const auto at = static_cast<std::size_t>(found - specs_.begin());
    if (found == specs_.end()) specs_.push_back({path, as_json});
    specs_[at].as_json = specs_[at].as_json || as_json;
    return static_cast<int>(at);
  }

  void compile(Stream& out, const std::string& where, Problems& problems) const {
    for (const stream::PathSpec& spec : specs_) out.path_names.push_back(spec.path);
    Result<stream::JsonPaths> paths = stream::JsonPaths::compile(specs_);
    if (paths) {
      out.paths = *std::move(paths);
    } else {
      problems.push_back({where, paths.error().message});
    }
  }

 private:
  std::vector<stream::PathSpec> specs_;
};

class RuleReader {
 public:
  RuleReader(Table& table, Problems& problems) : table_(table), problems_(problems) {}

  Rule read(const json& item, const std::string& path) {
    Rule rule;
    Fields fields(item, path, problems_);
    each_ = fields.text("each");
    if (!each_.empty()) rule.each = table_.id(each_);
    if (!each_.empty() && !each_.ends_with("[]"))
      fields.problem("each", "expected the path of elements, as in \"items[]\"");
    if (const json* when = fields.object("when")) read_conditions(*when, path + ".when", rule);
    const KindSpec* kind = nullptr;
    for (const KindSpec& spec : kinds()) {
      const std::string name(spec.name);
      if (!fields.has(name)) continue;
      if (kind == nullptr) {
        kind = &spec;
      } else {
        fields.ignore(name);
        fields.problem(name, "a rule gives one kind of event; write a second rule");
      }
    }
    if (kind == nullptr) {
      fields.problem("",
                     "no event; expected one of session, text, toolCall, toolResult, turn, retry, backgroundTasks, "
                     "usageStep, usageTotal, problem, result");
    } else if (const json* body = fields.object(std::string(kind->name))) {
      read_body(*body, path + "." + std::string(kind->name), *kind, rule);
    }
    fields.done();
    return rule;
  }

 private:
  PathRef ref(const std::string& path, bool as_json = false) {
    const bool local =
        !each_.empty() && (path == each_ || path.starts_with(each_ + ".") || path.starts_with(each_ + "["));
    return {table_.id(path, as_json), local};
  }

  void read_conditions(const json& when, const std::string& path, Rule& rule) {
    for (const auto& [key, value] : when.items()) {
      Condition condition;
      condition.path = ref(key);
      const std::string where = path + "." + key;
      if (value.is_object()) {
        read_object_condition(value, where, condition);
      } else if (value.is_array()) {
        for (const json& item : value) add_value(item, where, condition);
      } else {
        add_value(value, where, condition);
      }
      rule.when.push_back(std::move(condition));
    }
  }

  void read_object_condition(const json& value, const std::string& where, Condition& condition) {
    Fields fields(value, where, problems_);
    condition.exists = fields.boolean("exists");
    if (fields.has("contains")) condition.contains = fields.required_text("contains");
    if (condition.exists.has_value() == condition.contains.has_value()) {
      fields.problem("", "expected {exists: true|false} or {contains: TEXT}");
    }
    fields.done();
  }

  void add_value(const json& value, const std::string& where, Condition& condition) {
    if (value.is_string()) {
      condition.any_of.emplace_back(value.get<std::string>());
    } else if (value.is_boolean()) {
      condition.any_of.emplace_back(value.get<bool>());
    } else if (value.is_number()) {
      condition.any_of.emplace_back(value.get<double>());
    } else if (value.is_null()) {
      condition.any_of.emplace_back(nullptr);
    } else {
      problems_.push_back(
          {where,
           "expected a string, number, true, false, null, a list of them, {exists: true|false} or {contains: TEXT}"});
    }
  }

  void read_body(const json& body, const std::string& path, const KindSpec& kind, Rule& rule) {
    rule.kind = kind.kind;
    Fields fields(body, path, problems_);
    for (const std::string& field : kind.fields) {
      const json* value = fields.raw(field);
      if (value == nullptr) continue;
      const std::vector<std::string> paths =
          value->is_string() ? std::vector{value->get<std::string>()} : fields.texts(field);
      for (const std::string& each : paths) rule.fields[field].push_back(ref(each, field == "arguments"));
    }
    const bool is_usage = kind.kind == EventKind::UsageStep || kind.kind == EventKind::UsageTotal;
    if (is_usage) {
      rule.input_includes_cache = fields.boolean("inputIncludesCache").value_or(true);
      rule.output_includes_reasoning = fields.boolean("outputIncludesReasoning").value_or(true);
      if (!rule.fields.contains("input") && !rule.fields.contains("output"))
        fields.problem("input", "required, or output");
    }
    const bool may_fail =
        kind.kind == EventKind::Problem || kind.kind == EventKind::Result || kind.kind == EventKind::Retry;
    if (may_fail) read_reason(fields, rule);
    fields.done();
  }

  static void read_reason(Fields& fields, Rule& rule) {
    const std::string name = fields.text("reason");
    if (name.empty()) return;
    rule.reason = parse_reason(name);
    if (!rule.reason)
      fields.problem("reason", "unknown reason \"" + name + "\"; expected one as in AgentError or RateLimited");
  }

  Table& table_;
  Problems& problems_;
  std::string each_;
};

}  // namespace

Stream read_stream(const json& section, const std::string& path, Problems& problems) {
  Stream out;
  Fields fields(section, path, problems);
  out.is_jsonl = fields.one_of("format", {"text", "jsonl"}, "text") == "jsonl";
  Table table;
  RuleReader reader(table, problems);
  const std::vector<const json*> events = fields.objects("events");
  for (std::size_t i = 0; i < events.size(); ++i) {
    out.rules.push_back(reader.read(*events[i], path + ".events[" + std::to_string(i) + "]"));
  }
  if (out.is_jsonl && events.empty()) fields.problem("events", "required with format jsonl: what its lines mean");
  if (!out.is_jsonl && !events.empty()) fields.problem("events", "not allowed with format text");
  table.compile(out, path + ".events", problems);
  fields.done();
  return out;
}

}  // namespace axon::manifest
