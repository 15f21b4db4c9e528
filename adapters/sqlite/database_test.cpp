// The databases are made by the real SQLite: testdata/make.py.
#include "adapters/sqlite/database.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/testing/files.hpp"

namespace axon::sqlite {
namespace {

using testing::MapFiles;

const std::vector<std::string> kColumns = {"id", "number", "cost"};

using Rows = std::vector<std::vector<Value>>;

std::optional<Rows> rows(const FileView& files, const std::string& name, const std::vector<std::string>& columns) {
  Rows out;
  const bool whole =
      Database(files, "/d/" + name).each_row("item", columns, [&](const auto& row) { out.push_back(row); });
  return whole ? std::optional(out) : std::nullopt;
}

/// What make.py's fill wrote.
Rows filled(int count) {
  Rows out;
  for (std::int64_t i = 0; i < count; ++i) {
    const Value cost = i % 4 == 0 ? Value(i / 4) : Value(static_cast<double>(i) / 4);  // SQLite stores 1.0 as 1
    out.push_back({"id-" + std::to_string(i), i * i * (i % 2 == 0 ? 1 : -1), cost});
  }
  return out;
}

class Sqlite : public ::testing::Test {
 protected:
  const std::string folder_ = std::string(AXON_SOURCE_DIR) + "/adapters/sqlite/testdata";
  MapFiles files_ = MapFiles::from_folder(folder_, "/d");
};

TEST_F(Sqlite, RowsComeFromAllPagesOfTheTree) { EXPECT_EQ(rows(files_, "tree.db", kColumns), filled(300)); }

TEST_F(Sqlite, ColumnsBehindALongTextAreFound) {
  EXPECT_EQ(rows(files_, "overflow.db", {"added", "number", "none", "id", "cost"}),
            (Rows{{{}, 4711, {}, "long", 0.5}, {{}, 1, {}, "short", {}}}));
}

TEST_F(Sqlite, ALongTextIsCut) {
  EXPECT_EQ(rows(files_, "overflow.db", {"note"}), (Rows{{std::string(4096, 'x')}, {{}}}));
}

TEST_F(Sqlite, WhatLiesInTheLogAloneIsRead) {
  EXPECT_EQ(rows(files_, "logged.db", kColumns), filled(7));
  EXPECT_EQ(rows(files_, "second-round.db", kColumns), filled(8));
}

TEST_F(Sqlite, ACutLogCountsUpToItsLastWholeTransaction) {
  const std::string log = testing::read_file(folder_ + "/logged.db-wal");
  const std::string database = testing::read_file(folder_ + "/logged.db");
  std::size_t least = 7;
  for (std::size_t size = log.size(); size > 0; size -= std::min<std::size_t>(size, 100)) {
    const MapFiles files({{"/d/logged.db", database}, {"/d/logged.db-wal", log.substr(0, size)}});
    const auto seen = rows(files, "logged.db", kColumns);
    ASSERT_TRUE(seen) << size;
    EXPECT_LE(seen->size(), least);
    least = seen->size();
    EXPECT_EQ(*seen, filled(static_cast<int>(least)));
    EXPECT_TRUE(least == 7 || least == 5 || least == 0) << least;
  }
}

TEST_F(Sqlite, NoDatabaseOrTableIsNone) {
  EXPECT_EQ(rows(files_, "nothing.db", kColumns), std::nullopt);
  EXPECT_EQ(rows(MapFiles({{"/d/a.db", ""}}), "a.db", kColumns), std::nullopt);
  EXPECT_EQ(rows(MapFiles({{"/d/a.db", std::string(8192, 'x')}}), "a.db", kColumns), std::nullopt);
  EXPECT_FALSE(Database(files_, "/d/tree.db").each_row("nothing", {"id"}, [](const auto&) {}));
}

TEST_F(Sqlite, DamageIsSurvived) {
  for (const std::string name : {"tree.db", "overflow.db"}) {
    const std::string whole = testing::read_file(folder_ + "/" + name);
    unsigned random = 1;
    for (int round = 0; round < 500; ++round) {
      std::string damaged = whole;
      for (int i = 0; i < 4; ++i) {
        random = random * 1664525 + 1013904223;
        damaged[(random >> 8) % (i < 2 ? 700 : damaged.size())] = static_cast<char>(random >> 4);
      }
      rows(MapFiles({{"/d/a.db", damaged}}), "a.db", {"id", "note", "number", "cost"});
    }
  }
}

}  // namespace
}  // namespace axon::sqlite
