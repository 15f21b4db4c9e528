// Where the columns of a table are, from the statement that made it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace axon::sqlite {

/// The index of each column in "CREATE TABLE name (…)", -1 for one that is not there. Columns added later stand at the
/// end of the statement, as in the table.
std::vector<int> column_indices(std::string_view create_table, const std::vector<std::string>& columns);

}  // namespace axon::sqlite
