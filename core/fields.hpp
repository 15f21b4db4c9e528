// Reads a JSON value into fields and names everything that is wrong with it, each problem with its path
// ("spec.mcpServers[1].url: required with type http"). Used for every document that comes from outside: task.json,
// MCP JSON, agent manifests, Task, Workspace and AgentConfig.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace axon {

struct Problem {
  std::string path;  // "spec.mcpServers[1].url"; empty for the document itself
  std::string message;
  std::vector<std::string> known = {};  // of an unknown field: those that could stand there

  bool operator==(const Problem&) const = default;
};

using Problems = std::vector<Problem>;

/// One sentence a line: "PATH: MESSAGE", each after "SOURCE: " when there is a source.
std::string to_string(const Problems& problems, const std::string& source = "");

/// "LIST[I]": the path of an element.
std::string at_index(const std::string& list, std::size_t i);

/// One object that is being read. A key that nobody asked for is a problem when done() is called.
class Fields {
 public:
  /// Neither is copied; both must outlive this.
  Fields(const nlohmann::json& object, std::string path, Problems& problems);

  [[nodiscard]] bool has(const std::string& key) const;

  std::string text(const std::string& key);           // "" if absent
  std::string required_text(const std::string& key);  // also a problem if empty
  std::string one_of(const std::string& key, const std::vector<std::string>& allowed, const std::string& fallback);
  std::optional<std::int64_t> integer(const std::string& key, std::int64_t min, std::int64_t max);
  std::optional<bool> boolean(const std::string& key);
  std::vector<std::string> texts(const std::string& key);
  std::map<std::string, std::string> text_map(const std::string& key);

  std::string reference(const std::string& key);                // the name in {"name": …}; "" if absent
  std::vector<std::string> references(const std::string& key);  // the names in a list of such

  /// A problem where `text`, which stands under this key, is no component of a path. An empty one has its problem
  /// already.
  void check_component(const std::string& key, std::string_view text);

  /// The object under this key; null if absent or no object.
  const nlohmann::json* object(const std::string& key);

  /// The objects in the list under this key.
  std::vector<const nlohmann::json*> objects(const std::string& key);

  /// Whatever is under this key, for the caller to read; null if absent.
  const nlohmann::json* raw(const std::string& key);

  /// Accepts a key without reading it.
  void ignore(const std::string& key);

  /// With an empty key the problem is the object's own.
  void problem(const std::string& key, std::string message);
  [[nodiscard]] std::string path_of(const std::string& key) const;

  /// Reports the keys that nobody asked for, with the nearest known one.
  void done();

 private:
  const nlohmann::json* find(const std::string& key);

  const nlohmann::json* object_;
  std::string path_;
  Problems* problems_;
  std::set<std::string> known_;
};

}  // namespace axon
