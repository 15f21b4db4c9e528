// Reads tables of an SQLite database that another process has open, or was killed with: no lock, no file beside it, a
// few pages of memory. SQLite itself would need 1.7 MB of the entrypoint's size, and writes beside what it reads.
//
// Only what agents' databases have: tables with row ids, UTF-8, no encryption. Whatever is not as it should be ends the
// reading: a page can change while it is read, and what is read then is right the next time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/adapter.hpp"
#include "adapters/sqlite/wal.hpp"

namespace axon::sqlite {

using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

/// The text of a value; empty if it is none.
std::string_view text(const Value& value);
std::int64_t integer(const Value& value);  // beyond a hundred trillion it is cut to it
double real(const Value& value);

class Database {
 public:
  /// The view outlives it. The log beside the database is read here, the rest when it is asked for.
  Database(const FileView& files, std::string path);

  /// Every row of the table with the values of these columns, in this order. Texts are cut at 4 KiB; a column that the
  /// table or an old row has not is null. False if the table cannot be found or not be read to its end.
  bool each_row(std::string_view table, const std::vector<std::string>& columns,
                const std::function<void(const std::vector<Value>&)>& sink) const;

 private:
  struct Cell;
  using CellSink = std::function<bool(const Cell&)>;

  [[nodiscard]] std::optional<std::string> page(std::uint32_t number) const;
  bool walk(std::uint32_t number, int depth, const CellSink& sink) const;
  bool walk_leaf(std::string_view page, std::size_t header, const CellSink& sink) const;
  [[nodiscard]] std::string payload(const Cell& cell, std::uint64_t offset, std::size_t size) const;
  [[nodiscard]] std::optional<std::vector<Value>> values(const Cell& cell, const std::vector<int>& wanted) const;

  const FileView& files_;
  std::string path_;
  Wal wal_;
  std::uint32_t page_size_ = 0;
  std::uint32_t usable_ = 0;
  mutable int pages_left_ = 1;  // to be read: a file that runs in circles must not keep anybody
};

}  // namespace axon::sqlite
