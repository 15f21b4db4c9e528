// The values that a parser wants to see of each line, compiled to a trie that the extractor walks along.
//
// A path is written as in "message.content[].text": keys joined by ".", "[]" for each element of an array, "*" for each
// key of an object; "\" before one of . * [ \ makes it an ordinary character. A key that is named wins over "*".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace axon::stream {

struct PathSpec {
  std::string path;
  bool as_json = false;  // an object or array is given as its JSON text instead of being walked into
};

class JsonPaths {
 public:
  static constexpr std::size_t kMaxDepth = 16;
  static constexpr int kNone = -1;

  struct Node {
    std::vector<std::pair<std::string, int>> keys;
    int any_key = kNone;
    int element = kNone;
    int path = kNone;  // index into the specs
    bool as_json = false;
    bool repeats = false;  // a wildcard leads here: there may be any number of them in a line
  };

  /// A value's path id is its spec's index. InvalidInput names the path that is wrong, twice there, or below one that
  /// is taken as JSON.
  static Result<JsonPaths> compile(const std::vector<PathSpec>& specs);

  [[nodiscard]] const Node& node(int id) const { return nodes_[static_cast<std::size_t>(id)]; }

  struct Match {
    int node = kNone;
    bool wildcard = false;
  };
  [[nodiscard]] Match child(int id, std::string_view key) const;

 private:
  struct Step;
  static Result<std::vector<Step>> parse(const std::string& path);
  int descend(int from, const Step& step);
  int add(bool repeats);

  std::vector<Node> nodes_;
};

}  // namespace axon::stream
