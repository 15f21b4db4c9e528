#include "adapters/sqlite/schema.hpp"

#include <algorithm>
#include <array>

namespace axon::sqlite {
namespace {

constexpr std::array kConstraints =
    std::to_array<std::string_view>({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"});

/// The first word of a definition without its quotes; empty for a constraint of the table.
std::string column_name(std::string_view definition) {
  const std::size_t first = definition.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  definition.remove_prefix(first);
  const char quote = definition.front() == '[' ? ']' : definition.front();
  if (quote == '`' || quote == '"' || quote == ']' || quote == '\'') {
    return std::string(definition.substr(1, definition.find(quote, 1) - 1));
  }
  const std::string_view word = definition.substr(0, definition.find_first_of(" \t\r\n("));
  const bool is_constraint = std::ranges::find(kConstraints, word) != kConstraints.end();
  return is_constraint ? std::string() : std::string(word);
}

std::vector<std::string> column_names(std::string_view sql) {
  std::vector<std::string> names;
  const std::size_t open = sql.find('(');
  if (open == std::string_view::npos) return names;
  sql.remove_prefix(open + 1);
  const auto add = [&](std::string_view definition) {
    if (std::string name = column_name(definition); !name.empty()) names.push_back(std::move(name));
  };
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t at = 0; at < sql.size() && depth >= 0; ++at) {
    depth += sql[at] == '(' ? 1 : sql[at] == ')' ? -1 : 0;
    if (depth > 0 || (depth == 0 && sql[at] != ',')) continue;
    add(sql.substr(begin, at - begin));
    begin = at + 1;
  }
  return names;
}

}  // namespace

std::vector<int> column_indices(std::string_view create_table, const std::vector<std::string>& columns) {
  const std::vector<std::string> names = column_names(create_table);
  std::vector<int> indices;
  for (const std::string& column : columns) {
    const auto found = std::ranges::find(names, column);
    indices.push_back(found == names.end() ? -1 : static_cast<int>(found - names.begin()));
  }
  return indices;
}

}  // namespace axon::sqlite
