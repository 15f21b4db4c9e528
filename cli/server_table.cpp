#include "cli/server_table.hpp"

#include <algorithm>

#include "core/json_access.hpp"
#include "core/letters.hpp"
#include "kube/client.hpp"

namespace axon::cli {
namespace {

using kube::Json;

constexpr std::size_t kLongestCell = 200;

/// A list is printed by the server as JSON text.
std::string plain_list(const std::string& cell) {
  const Json list = Json::parse(cell, nullptr, /*allow_exceptions=*/false);
  if (!list.is_array()) return cell;
  std::vector<std::string> words;
  for (const Json& word : list) words.push_back(word.is_string() ? word.get<std::string>() : word.dump());
  return join(words, ",");
}

std::string text_of(const Json& cell) {
  if (cell.is_null()) return "";
  if (!cell.is_string()) return cell.dump();
  const std::string text = cell.get<std::string>();
  return one_line(text.starts_with('[') ? plain_list(text) : text, kLongestCell);
}

bool has_source(const Kind& kind) { return &kind == &kTaskSpawnerKind; }

}  // namespace

std::string source_of(const Json& spawner) {
  const Json& spec = object_at(spawner, "spec");
  const Json& when = object_at(spec, "when");
  if (const Json& cron = object_at(when, "cron"); !cron.empty()) return "cron " + text_at(cron, "schedule");
  const std::string workspace = text_at(object_at(object_at(spec, "taskTemplate"), "workspaceRef"), "name");
  if (when.contains("githubIssues")) return "GitHub" + (workspace.empty() ? "" : " " + workspace);
  return when.empty() ? "" : when.begin().key();
}

const char* object_for(const Kind& kind, const TableView& view) {
  if (has_source(kind)) return kube::TableObject::kWhole;
  return view.namespaces ? kube::TableObject::kMetadata : kube::TableObject::kNone;
}

ServerTable::ServerTable(const Kind& kind, const Json& table, const TableView& view) : kind_(&kind), view_(view) {
  std::size_t cell = 0;
  for (const Json& column : array_at(table, "columnDefinitions")) {
    std::string heading = upper_case(text_at(column, "name"));
    const bool is_extra =
        integer_at(column, "priority").value_or(0) > 0 || std::ranges::find(kind.extra, heading) != kind.extra.end();
    if (view.wide || !is_extra) columns_.push_back({std::move(heading), cell});
    ++cell;
  }
}

Row ServerTable::heading() const {
  Row row;
  if (view_.namespaces) row.emplace_back("NAMESPACE");
  for (const Column& column : columns_) {
    row.push_back(column.heading);
    if (has_source(*kind_) && column.cell == 0) row.emplace_back("SOURCE");
  }
  return row;
}

std::vector<Row> ServerTable::rows(const Json& table) const {
  std::vector<Row> rows;
  for (const Json& entry : array_at(table, "rows")) {
    const Json& cells = array_at(entry, "cells");
    const Json& object = object_at(entry, "object");
    Row row;
    if (view_.namespaces) row.push_back(text_at(object_at(object, "metadata"), "namespace"));
    for (const Column& column : columns_) {
      row.push_back(column.cell < cells.size() ? text_of(cells[column.cell]) : "");
      if (has_source(*kind_) && column.cell == 0) row.push_back(one_line(source_of(object), kLongestCell));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace axon::cli
