// What Tasks have cost, summed up. Pure.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/state.hpp"
#include "cli/text.hpp"
#include "core/timestamp.hpp"
#include "core/usage.hpp"

namespace axon::cli {

/// One Task that has ended.
struct Spending {
  std::string ns;
  std::string name;
  std::string type;
  std::string model;
  std::string spawner;
  std::string phase;
  std::map<std::string, std::string> labels;
  Time at;  // of its end
  std::optional<Usage> usage;
  bool operator==(const Spending&) const = default;
};

/// From the API server's object; empty for a Task that has not ended.
std::optional<Spending> spending_of(const nlohmann::json& task);

/// The same of a Task of this machine.
std::optional<Spending> spending_of(const StoredTask& task);

/// By what the Tasks are put together.
struct Grouping {
  std::string name;   // "day", …, "label"
  std::string label;  // with "label": which one
  bool operator==(const Grouping&) const = default;
};

/// "day", "month", "type", "model", "spawner", "namespace", "phase", "task" or "label=KEY".
Result<Grouping> parse_grouping(const std::string& text);

/// "7d", "36h", "1h30m".
Result<std::chrono::seconds> parse_period(std::string_view text, const std::string& flag);

struct CostRow {
  std::string group;  // empty: of those that have no such label, spawner or model
  int tasks = 0;
  int without_cost = 0;  // their agents told none
  Usage usage;
  bool operator==(const CostRow&) const = default;
};

struct CostSheet {
  Grouping by;
  std::vector<CostRow> rows;  // in the order of their groups
  CostRow total;
  bool operator==(const CostSheet&) const = default;
};

CostSheet sum_up(const std::vector<Spending>& tasks, const Grouping& by);

/// `output` is "table", "csv" or "json".
std::string render_costs(const CostSheet& sheet, const std::string& output, const TableLook& look);

}  // namespace axon::cli
