#include "cli/cost.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "cli/cluster_task.hpp"
#include "cli/duration.hpp"
#include "core/json_access.hpp"
#include "core/json_text.hpp"
#include "core/letters.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 8> kGroupings = {"day",     "month",     "type",  "model",
                                                        "spawner", "namespace", "phase", "task"};
constexpr std::string_view kLabel = "label=";
constexpr const char* kNothing = "<none>";

std::string group_of(const Spending& task, const Grouping& by) {
  if (by.name == "day") return format_time(task.at).substr(0, 10);
  if (by.name == "month") return format_time(task.at).substr(0, 7);
  if (by.name == "type") return task.type;
  if (by.name == "model") return task.model;
  if (by.name == "spawner") return task.spawner;
  if (by.name == "namespace") return task.ns;
  if (by.name == "phase") return task.phase;
  if (by.name == "task") return task.ns.empty() ? task.name : task.ns + "/" + task.name;
  const auto label = task.labels.find(by.label);
  return label == task.labels.end() ? "" : label->second;
}

void add(CostRow& row, const Spending& task) {
  ++row.tasks;
  if (task.usage) row.usage = row.usage + *task.usage;
  if (!task.usage || !task.usage->cost_usd) ++row.without_cost;
}

std::string cost_text(const CostRow& row) { return row.usage.cost_usd ? format_cost(*row.usage.cost_usd) : ""; }

Row cells_of(const CostRow& row, const std::string& group) {
  const std::string cost = cost_text(row);
  return {one_line(group, 80),
          std::to_string(row.tasks),
          with_commas(row.usage.input_tokens),
          with_commas(row.usage.cache_read_tokens),
          with_commas(row.usage.output_tokens),
          cost.empty() ? "unknown" : "$" + cost + (row.without_cost > 0 ? " and more" : "")};
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string csv_line(const CostRow& row) {
  std::string line = csv_cell(row.group);
  for (const std::int64_t number :
       {std::int64_t{row.tasks}, row.usage.input_tokens, row.usage.cache_read_tokens, row.usage.cache_write_tokens,
        row.usage.output_tokens, row.usage.reasoning_tokens}) {
    line += "," + std::to_string(number);
  }
  return line + "," + cost_text(row) + "," + std::to_string(row.without_cost) + "\n";
}

json row_json(const CostRow& row) {
  json object = {{"tasks", row.tasks},
                 {"tasksWithoutCost", row.without_cost},
                 {"inputTokens", row.usage.input_tokens},
                 {"cacheReadTokens", row.usage.cache_read_tokens},
                 {"cacheWriteTokens", row.usage.cache_write_tokens},
                 {"outputTokens", row.usage.output_tokens},
                 {"reasoningTokens", row.usage.reasoning_tokens}};
  if (row.usage.cost_usd) object["costUSD"] = cost_text(row);  // text, as in a Task's status
  return object;
}

std::string by_text(const Grouping& by) { return by.label.empty() ? by.name : std::string(kLabel) + by.label; }

std::string render_json(const CostSheet& sheet) {
  json object = {{"by", by_text(sheet.by)}, {"rows", json::array()}, {"total", row_json(sheet.total)}};
  for (const CostRow& row : sheet.rows) {
    object["rows"].push_back(row_json(row));
    object["rows"].back()["group"] = row.group;
  }
  return json_text(object, 2) + "\n";
}

std::string render_csv(const CostSheet& sheet) {
  std::string text = csv_cell(by_text(sheet.by)) +
                     ",tasks,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,reasoning_tokens,cost_usd,"
                     "tasks_without_cost\n";
  for (const CostRow& row : sheet.rows) text += csv_line(row);
  return text;
}

}  // namespace

std::optional<Spending> spending_of(const json& task) {
  const json& metadata = object_at(task, "metadata");
  std::optional<Spending> spending = spending_of(stored_task(task));
  if (!spending) return std::nullopt;
  spending->ns = text_at(metadata, "namespace");
  spending->labels = text_map_at(metadata, "labels");
  spending->spawner = text_at(object_at(metadata, "labels"), "axon.io/taskspawner");
  return spending;
}

std::optional<Spending> spending_of(const StoredTask& task) {
  const std::optional<Time> end = parse_time(task.status.completion_time);
  if (!end) return std::nullopt;
  Spending spending;
  spending.name = task.spec.name;
  spending.type = task.spec.type;
  spending.model = task.status.results.model.empty() ? task.spec.model : task.status.results.model;
  spending.phase = task.status.phase;
  spending.at = *end;
  spending.usage = task.status.usage;
  return spending;
}

Result<Grouping> parse_grouping(const std::string& text) {
  if (std::ranges::find(kGroupings, text) != kGroupings.end()) return Grouping{text, ""};
  if (text.starts_with(kLabel) && text.size() > kLabel.size()) return Grouping{"label", text.substr(kLabel.size())};
  const std::vector<std::string> known(kGroupings.begin(), kGroupings.end());
  return fail(Errc::InvalidInput, "--by: expected one of " + join(known) + " or label=KEY, found \"" + text + "\"");
}

Result<std::chrono::seconds> parse_period(std::string_view text, const std::string& flag) {
  if (!text.ends_with('d')) return parse_duration(text, flag);
  int days = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size() - 1, days);
  constexpr int kMost = 36500;
  if (error == std::errc() && end == text.data() + text.size() - 1 && days > 0 && days <= kMost) {
    return std::chrono::hours(24) * days;
  }
  return fail(Errc::InvalidInput,
              flag + ": \"" + std::string(text) + "\" is no period; expected for example 7d or 36h");
}

CostSheet sum_up(const std::vector<Spending>& tasks, const Grouping& by) {
  std::map<std::string, CostRow> rows;
  CostSheet sheet{.by = by, .rows = {}, .total = {}};
  for (const Spending& task : tasks) {
    const std::string group = group_of(task, by);
    CostRow& row = rows[group];
    row.group = group;
    add(row, task);
    add(sheet.total, task);
  }
  for (auto& [group, row] : rows) sheet.rows.push_back(std::move(row));
  return sheet;
}

std::string render_costs(const CostSheet& sheet, const std::string& output, const TableLook& look) {
  if (output == "json") return render_json(sheet);
  if (output == "csv") return render_csv(sheet);
  const std::string heading = upper_case(sheet.by.label.empty() ? sheet.by.name : sheet.by.label);
  std::vector<Row> rows = {{heading, "TASKS", "INPUT", "FROM CACHE", "OUTPUT", "COST"}};
  for (const CostRow& row : sheet.rows) rows.push_back(cells_of(row, row.group.empty() ? kNothing : row.group));
  rows.push_back(cells_of(sheet.total, "TOTAL"));
  return render_table(rows, look);
}

}  // namespace axon::cli
