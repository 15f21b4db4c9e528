#include "adapters/sqlite/database.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "adapters/sqlite/bytes.hpp"
#include "adapters/sqlite/schema.hpp"

namespace axon::sqlite {
namespace {

constexpr std::size_t kFileHeader = 100;  // before the first page's own header
constexpr int kMaxDepth = 20;
constexpr int kMaxPages = 100'000;                   // read for one table, overflow pages included
constexpr std::int64_t kMost = 100'000'000'000'000;  // of a number: sums of them stay in range
constexpr std::size_t kMaxText = 4096;
constexpr char kInterior = 5;
constexpr char kLeaf = 13;

/// Bytes of a value of this type in a record.
std::uint64_t size_of(std::uint64_t type) {
  constexpr std::uint64_t kSizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return type < 12 ? kSizes[type] : (type - 12) / 2;
}

Value decode(std::uint64_t type, const std::string& bytes) {
  if (type == 8 || type == 9) return static_cast<std::int64_t>(type - 8);
  if (type == 7) return std::bit_cast<double>(big_endian(bytes));
  if (type >= 1 && type <= 6) {
    const std::uint64_t raw = big_endian(bytes);
    const auto unused = static_cast<int>(64 - 8 * bytes.size());
    return static_cast<std::int64_t>(raw << unused) >> unused;  // carries the sign
  }
  if (type >= 13 && type % 2 == 1) return bytes;
  return {};
}

}  // namespace

std::string_view text(const Value& value) {
  const auto* string = std::get_if<std::string>(&value);
  return string == nullptr ? std::string_view() : *string;
}

std::int64_t integer(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::clamp(*number, -kMost, kMost);
  const auto* number = std::get_if<double>(&value);
  return number == nullptr || !(std::abs(*number) < kMost) ? 0 : static_cast<std::int64_t>(*number);
}

double real(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<double>(*number);
  const auto* number = std::get_if<double>(&value);
  return number == nullptr ? 0 : *number;
}

/// A row as it lies in a leaf: its first bytes, and the page where the rest begins.
struct Database::Cell {
  std::uint64_t size = 0;
  std::string_view local;
  std::uint32_t overflow = 0;
};

Database::Database(const FileView& files, std::string path)
    : files_(files), path_(std::move(path)), wal_(read_wal(files, path_ + "-wal")) {
  page_size_ = wal_.page_size;
  if (page_size_ == 0) {
    const Result<std::string> header = files.read_at(path_, 16, 2);
    if (!header || header->size() != 2) return;
    page_size_ = read_u16(*header, 0) == 1 ? 65536 : read_u16(*header, 0);
  }
  const std::optional<std::string> first = page(1);
  if (!first || !first->starts_with("SQLite format 3")) return;
  const auto reserved = static_cast<unsigned char>((*first)[20]);
  if (read_u32(*first, 56) == 1 && reserved + 480U <= page_size_) usable_ = page_size_ - reserved;
}

std::optional<std::string> Database::page(std::uint32_t number) const {
  if (page_size_ < 512 || number == 0 || pages_left_ == 0) return std::nullopt;
  --pages_left_;
  const auto logged = wal_.offset.find(number);
  const Result<std::string> bytes = logged != wal_.offset.end()
                                        ? files_.read_at(path_ + "-wal", logged->second, page_size_)
                                        : files_.read_at(path_, std::uint64_t{number - 1} * page_size_, page_size_);
  if (!bytes || bytes->size() != page_size_) return std::nullopt;
  return *bytes;
}

bool Database::walk(std::uint32_t number, int depth, const CellSink& sink) const {
  if (depth > kMaxDepth) return false;
  const std::optional<std::string> bytes = page(number);
  if (!bytes) return false;
  const std::size_t header = number == 1 ? kFileHeader : 0;
  if ((*bytes)[header] == kLeaf) return walk_leaf(*bytes, header, sink);
  if ((*bytes)[header] != kInterior) return false;
  const std::size_t count = read_u16(*bytes, header + 3);
  if (header + 12 + 2 * count > usable_) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = read_u16(*bytes, header + 12 + 2 * i);
    if (at + 4 > usable_ || !walk(read_u32(*bytes, at), depth + 1, sink)) return false;
  }
  return walk(read_u32(*bytes, header + 8), depth + 1, sink);
}

bool Database::walk_leaf(std::string_view page, std::size_t header, const CellSink& sink) const {
  page = page.substr(0, usable_);
  const std::size_t count = read_u16(page, header + 3);
  if (header + 8 + 2 * count > usable_) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = read_u16(page, header + 8 + 2 * i);
    if (at >= page.size()) return false;
    std::string_view rest = page.substr(at);
    Cell cell;
    cell.size = take_varint(rest);
    take_varint(rest);  // the row id
    // How much of a row stays in its leaf: https://www.sqlite.org/fileformat2.html, "B-tree Pages".
    const std::uint64_t most = usable_ - 35;
    const std::uint64_t least = (usable_ - 12) * 32 / 255 - 23;
    const std::uint64_t fitting = least + (cell.size < least ? 0 : (cell.size - least) % (usable_ - 4));
    const std::uint64_t local = cell.size <= most ? cell.size : fitting <= most ? fitting : least;
    const bool spills = local < cell.size;
    if (local + (spills ? 4 : 0) > rest.size()) return false;
    cell.local = rest.substr(0, local);
    if (spills) cell.overflow = read_u32(rest, local);
    if (!sink(cell)) return false;
  }
  return true;
}

std::string Database::payload(const Cell& cell, std::uint64_t offset, std::size_t size) const {
  std::string out;
  if (offset < cell.local.size()) out = cell.local.substr(offset, size);
  std::uint64_t begin = cell.local.size();
  std::uint32_t next = cell.overflow;
  while (out.size() < size && next != 0) {
    const std::optional<std::string> bytes = page(next);
    if (!bytes) return {};
    const std::string_view content = std::string_view(*bytes).substr(4, usable_ - 4);
    const std::uint64_t wanted = offset + out.size();
    if (wanted < begin + content.size()) out += content.substr(wanted - begin, size - out.size());
    begin += content.size();
    next = read_u32(*bytes, 0);
  }
  return out.size() == size ? out : std::string();
}

/// `wanted`: the index of each column, -1 for one that is not there.
std::optional<std::vector<Value>> Database::values(const Cell& cell, const std::vector<int>& wanted) const {
  std::string_view header = cell.local;
  const std::uint64_t header_size = take_varint(header);
  const std::size_t first = cell.local.size() - header.size();
  if (header_size < first || header_size > cell.local.size())
    return std::nullopt;  // longer than a leaf's part: no such table
  header = cell.local.substr(first, header_size - first);
  std::vector<Value> row(wanted.size());
  std::uint64_t offset = header_size;
  for (int column = 0; !header.empty(); ++column) {
    const std::uint64_t type = take_varint(header);
    const std::uint64_t size = size_of(type);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i] != column) continue;
      const std::size_t kept = std::min<std::uint64_t>(size, kMaxText);
      const std::string bytes = payload(cell, offset, kept);
      if (bytes.size() != kept) return std::nullopt;
      row[i] = decode(type, bytes);
    }
    offset += size;
  }
  return row;
}

bool Database::each_row(std::string_view table, const std::vector<std::string>& columns,
                        const std::function<void(const std::vector<Value>&)>& sink) const {
  if (usable_ == 0) return false;
  std::uint32_t root = 0;
  std::vector<int> wanted;
  pages_left_ = kMaxPages;
  const bool found = walk(1, 0, [&](const Cell& cell) {
    const auto entry = values(cell, {0, 1, 3, 4});  // type, name, rootpage and sql of sqlite_schema
    if (!entry || text((*entry)[0]) != "table" || text((*entry)[1]) != table) return entry.has_value();
    root = static_cast<std::uint32_t>(integer((*entry)[2]));
    wanted = column_indices(text((*entry)[3]), columns);
    return true;
  });
  if (!found || root == 0) return false;
  return walk(root, 0, [&](const Cell& cell) {
    const auto row = values(cell, wanted);
    if (row) sink(*row);
    return row.has_value();
  });
}

}  // namespace axon::sqlite
