// Holds the readers of documents.hpp to crds/: what the API server takes is read, and nothing else.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "core/documents.hpp"
#include "core/yaml.hpp"

namespace axon {
namespace {

using nlohmann::json;

using KnownFields = std::map<std::string, std::set<std::string>>;  // of each object, by its path

constexpr const char* kStranger = "xxxxxxxxxxxxxxxxxxxxxxxx";

json definition(const std::string& kind) {
  std::stringstream text;
  text << std::ifstream(std::string(AXON_SOURCE_DIR) + "/crds/" + kind + ".yaml").rdbuf();
  const auto documents = parse_yaml(text.str(), kind + ".yaml");
  return documents.value().at(0).value;
}

json schema_of_spec(const std::string& kind) {
  return definition(kind)["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"];
}

/// The smallest value that has every field of the schema, and a stranger among them.
json sample(const json& schema) {
  if (schema.contains("enum")) return schema["enum"][0];
  const std::string type = schema.value("type", "");
  if (type == "array") return json::array({sample(schema["items"])});
  if (type == "integer") return schema.value("minimum", 1);
  if (type == "boolean") return true;
  if (type != "object") return "x";
  json object = json::object();
  if (!schema.contains("properties")) return object;
  for (const auto& [name, field] : schema["properties"].items()) object[name] = sample(field);
  object[kStranger] = 1;
  return object;
}

void collect(const json& schema, const std::string& path, KnownFields& fields) {
  if (schema.value("type", "") == "array") return collect(schema["items"], path + "[0]", fields);
  if (!schema.contains("properties")) return;
  for (const auto& [name, field] : schema["properties"].items()) {
    fields[path].insert(name);
    collect(field, path + "." + name, fields);
  }
}

KnownFields of_schema(const std::string& kind) {
  KnownFields fields;
  collect(schema_of_spec(kind), "spec", fields);
  return fields;
}

/// What the reader says of the stranger in each object.
template <class Read>
KnownFields of_reader(const std::string& kind, Read read) {
  Problems problems;
  const json spec = sample(schema_of_spec(kind));
  read(spec, problems);
  KnownFields fields;
  for (const Problem& problem : problems) {
    const std::size_t stranger = problem.path.rfind(std::string(".") + kStranger);
    if (stranger == std::string::npos) {
      EXPECT_TRUE(problem.known.empty()) << "not read: " << problem.path;
    } else {
      fields[problem.path.substr(0, stranger)] = {problem.known.begin(), problem.known.end()};
    }
  }
  return fields;
}

TEST(Crds, HaveTheFieldsThatAreReadOfATask) {
  const auto read = [](const json& spec, Problems& problems) {
    read_task_spec(spec, "spec", Completeness::Required, problems);
  };
  EXPECT_EQ(of_reader("tasks", read), of_schema("tasks"));
}

TEST(Crds, HaveTheFieldsThatAreReadOfAWorkspace) {
  const auto read = [](const json& spec, Problems& problems) { read_workspace_spec(spec, "spec", problems); };
  EXPECT_EQ(of_reader("workspaces", read), of_schema("workspaces"));
}

TEST(Crds, HaveTheFieldsThatAreReadOfAnAgentConfig) {
  const auto read = [](const json& spec, Problems& problems) { read_agent_config_spec(spec, "spec", problems); };
  EXPECT_EQ(of_reader("agentconfigs", read), of_schema("agentconfigs"));
}

/// A spawner's Task is a Task but for its prompt and its branch, which are templates: the words tell of that, and only
/// what a template has become has to be a name of a branch.
TEST(Crds, GiveASpawnersTemplateTheFieldsOfATask) {
  json task = schema_of_spec("tasks")["properties"];
  json found = schema_of_spec("taskspawners")["properties"]["taskTemplate"]["properties"];
  EXPECT_TRUE(found.contains("promptTemplate"));
  task.erase("prompt");
  found.erase("promptTemplate");
  task["branch"].erase("description");
  found["branch"].erase("description");
  EXPECT_EQ(task["branch"].erase("x-kubernetes-validations"), 1);
  EXPECT_EQ(found, task);
}

}  // namespace
}  // namespace axon
