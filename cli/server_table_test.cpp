#include "cli/server_table.hpp"

#include <gtest/gtest.h>

namespace axon::cli {
namespace {

using kube::Json;

Json table() {
  return Json::parse(R"({"kind": "Table", "columnDefinitions": [
    {"name": "Name", "priority": 0}, {"name": "Phase", "priority": 0}, {"name": "Depends On", "priority": 1},
    {"name": "Age", "priority": 0}], "rows": [
    {"cells": ["a", null, "[\"x\",\"y\"]", "5s"], "object": {"metadata": {"namespace": "demo"}}},
    {"cells": ["b\u001b[2J", "Running", null, "2m"], "object": {"metadata": {"namespace": "demo"}}}]})");
}

TEST(ServerTable, HidesWhatIsForWideOnly) {
  const ServerTable shown(kTaskKind, table(), {});
  EXPECT_EQ(shown.heading(), (Row{"NAME", "PHASE", "AGE"}));
  EXPECT_EQ(shown.rows(table()), (std::vector<Row>{{"a", "", "5s"}, {"b[2J", "Running", "2m"}}));
}

TEST(ServerTable, ShowsAllWithWideAndNamespaces) {
  const ServerTable shown(kTaskKind, table(), {.wide = true, .namespaces = true});
  EXPECT_EQ(shown.heading(), (Row{"NAMESPACE", "NAME", "PHASE", "DEPENDS ON", "AGE"}));
  EXPECT_EQ(shown.rows(table()).front(), (Row{"demo", "a", "", "x,y", "5s"}));
}

TEST(ServerTable, OfTaskSpawnersSaysWhereTheirTasksComeFrom) {
  const Json spawners =
      Json::parse(R"({"columnDefinitions": [{"name": "Name"}, {"name": "Workspace"}, {"name": "Phase"}],
    "rows": [{"cells": ["s", "shop", "Running"], "object": {"spec": {"when": {"githubIssues": {}},
      "taskTemplate": {"workspaceRef": {"name": "shop"}}}}},
      {"cells": ["c", null, ""], "object": {"spec": {"when": {"cron": {"schedule": "0 6 * * 1"}}}}}]})");
  const ServerTable shown(kTaskSpawnerKind, spawners, {});
  EXPECT_EQ(shown.heading(), (Row{"NAME", "SOURCE", "PHASE"}));
  EXPECT_EQ(shown.rows(spawners), (std::vector<Row>{{"s", "GitHub shop", "Running"}, {"c", "cron 0 6 * * 1", ""}}));
}

TEST(ServerTable, OfALaterVersionIsNoTrouble) {
  EXPECT_EQ(ServerTable(kTaskKind, Json::parse(R"({"rows": 7})"), {}).rows(Json::parse(R"({"rows": [1]})")),
            std::vector<Row>{Row{}});
  EXPECT_EQ(source_of(Json::parse(R"({"spec": {"when": {"webhook": {}}}})")), "webhook");
}

}  // namespace
}  // namespace axon::cli
