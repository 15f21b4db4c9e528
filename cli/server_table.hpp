// The rows that people see, from the Table that the API server makes of objects. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/kinds.hpp"
#include "cli/text.hpp"

namespace axon::cli {

struct TableView {
  bool wide = false;
  bool namespaces = false;  // a first column; needs the metadata of the objects
};

/// How much of each object the rows need: one of kube::TableObject.
const char* object_for(const Kind& kind, const TableView& view);

class ServerTable {
 public:
  /// `table` is the first one of several: those of a watch's later events have no column definitions.
  ServerTable(const Kind& kind, const kube::Json& table, const TableView& view);

  [[nodiscard]] Row heading() const;
  [[nodiscard]] std::vector<Row> rows(const kube::Json& table) const;

 private:
  struct Column {
    std::string heading;
    std::size_t cell = 0;
  };

  const Kind* kind_;
  TableView view_;
  std::vector<Column> columns_;
};

/// Where a TaskSpawner's Tasks come from: "GitHub shop", "cron 0 6 * * 1".
std::string source_of(const kube::Json& spawner);

}  // namespace axon::cli
