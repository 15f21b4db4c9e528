#include "adapters/stream/paths.hpp"

namespace axon::stream {

struct JsonPaths::Step {
  enum class Kind { Key, AnyKey, Element };
  Kind kind = Kind::Key;
  std::string key;
};

namespace {

std::unexpected<Error> bad(const std::string& path, const std::string& why) {
  return fail(Errc::InvalidInput, "path \"" + path + "\": " + why);
}

/// Takes one key off the front of `rest`; `is_wildcard` for a bare "*".
std::string take_key(std::string_view& rest, bool& is_wildcard) {
  std::string key;
  bool escaped = false;
  while (!rest.empty() && rest.front() != '.' && rest.front() != '[') {
    if (rest.front() == '\\' && rest.size() > 1) {
      rest.remove_prefix(1);
      escaped = true;
    }
    key += rest.front();
    rest.remove_prefix(1);
  }
  is_wildcard = key == "*" && !escaped;
  return key;
}

}  // namespace

Result<std::vector<JsonPaths::Step>> JsonPaths::parse(const std::string& path) {
  std::vector<Step> steps;
  std::string_view rest = path;
  while (true) {
    bool is_wildcard = false;
    std::string key = take_key(rest, is_wildcard);
    if (key.empty())
      return bad(path, "a key is empty; expected keys joined by \".\", as in \"message.content[].text\"");
    steps.push_back({is_wildcard ? Step::Kind::AnyKey : Step::Kind::Key, std::move(key)});
    while (rest.starts_with("[]")) {
      steps.push_back({Step::Kind::Element, {}});
      rest.remove_prefix(2);
    }
    if (steps.size() > kMaxDepth) return bad(path, "deeper than " + std::to_string(kMaxDepth) + " levels");
    if (rest.empty()) return steps;
    if (rest.front() != '.') return bad(path, "after a key only \".\" or \"[]\" may follow");
    rest.remove_prefix(1);
  }
}

int JsonPaths::add(bool repeats) {
  Node node;
  node.repeats = repeats;
  nodes_.push_back(std::move(node));
  return static_cast<int>(nodes_.size()) - 1;
}

int JsonPaths::descend(int from, const Step& step) {
  const auto at = static_cast<std::size_t>(from);
  if (step.kind == Step::Kind::Key) {
    for (const auto& [key, id] : nodes_[at].keys) {
      if (key == step.key) return id;
    }
    const int id = add(nodes_[at].repeats);
    nodes_[at].keys.emplace_back(step.key, id);
    return id;
  }
  const auto slot = step.kind == Step::Kind::AnyKey ? &Node::any_key : &Node::element;
  if (nodes_[at].*slot == kNone) {
    const int id = add(true);
    nodes_[at].*slot = id;
  }
  return nodes_[at].*slot;
}

Result<JsonPaths> JsonPaths::compile(const std::vector<PathSpec>& specs) {
  JsonPaths paths;
  paths.add(false);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    Result<std::vector<Step>> steps = parse(specs[i].path);
    if (!steps) return std::unexpected(std::move(steps).error());
    int id = 0;
    for (const Step& step : *steps) id = paths.descend(id, step);
    Node& node = paths.nodes_[static_cast<std::size_t>(id)];
    if (node.path != kNone) return bad(specs[i].path, "given twice");
    node.path = static_cast<int>(i);
    node.as_json = specs[i].as_json;
  }
  for (const Node& node : paths.nodes_) {
    const bool is_leaf = node.keys.empty() && node.any_key == kNone && node.element == kNone;
    if (!node.as_json || is_leaf) continue;
    return bad(specs[static_cast<std::size_t>(node.path)].path, "taken as JSON, so no path may lead below it");
  }
  return paths;
}

JsonPaths::Match JsonPaths::child(int id, std::string_view key) const {
  const Node& from = node(id);
  for (const auto& [name, child] : from.keys) {
    if (name == key) return {child, false};
  }
  return {from.any_key, from.any_key != kNone};
}

}  // namespace axon::stream
