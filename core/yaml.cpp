#include "core/yaml.hpp"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

#include "core/encoding.hpp"
#include "core/yaml_scalar.hpp"

namespace axon {
namespace {

using nlohmann::json;

// Aliases repeat text without writing it: what they may add in all, and how deep nesting may go, is bounded.
constexpr std::size_t kMaxAliasBytes = 8U << 20U;
constexpr int kMaxDepth = 200;

struct Node;
using NodePtr = std::shared_ptr<const Node>;

struct Member {
  std::string key;
  int line = 0;
  NodePtr value;
};

struct Node {
  enum class Kind { Scalar, Sequence, Map } kind = Kind::Scalar;
  int line = 0;
  json scalar;
  std::vector<NodePtr> items;
  std::vector<Member> members;
  std::size_t bytes = 16;  // roughly what a copy of it takes
  int depth = 1;
};

[[noreturn]] void refuse(const YAML::Mark& mark, const std::string& message) {
  throw YAML::ParserException(mark, message);
}

/// Builds the tree of one document from the parser's events. Its own errors are thrown as the parser's are, and caught
/// in parse_yaml.
class TreeBuilder : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override { start_ = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (wants_key()) refuse(mark, "a key is missing before \":\"");
    add(scalar(mark, nullptr), mark, anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (wants_key()) {
      open_.back().key = value;
      open_.back().key_line = mark.line + 1;
      open_.back().merge = tag == "?" && value == "<<";
      if (!open_.back().merge) refuse_duplicate(mark, value);
      if (anchor != 0) anchors_[anchor] = scalar(mark, value);
      return;
    }
    add(scalar(mark, typed(mark, tag, value)), mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) refuse(mark, "an alias must not stand inside what it repeats");
    if (wants_key()) refuse(mark, "a key must be written out, not repeated by an alias");
    alias_bytes_ += found->second->bytes;
    if (alias_bytes_ > kMaxAliasBytes) refuse(mark, "the aliases expand to more than 8 MiB");
    add(found->second, mark, 0);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(Node::Kind::Sequence, "tag:yaml.org,2002:seq", mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(Node::Kind::Map, "tag:yaml.org,2002:map", mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] const NodePtr& root() const { return root_; }
  [[nodiscard]] const YAML::Mark& start() const { return start_; }

 private:
  struct Open {
    Node node;
    YAML::Mark mark;
    YAML::anchor_t anchor = 0;
    std::optional<std::string> key;  // read, its value is not
    int key_line = 0;
    bool merge = false;
    std::map<std::string, int> keys;  // its own, with their lines
    std::vector<Member> merged;
  };

  [[nodiscard]] bool wants_key() const {
    return !open_.empty() && open_.back().node.kind == Node::Kind::Map && !open_.back().key;
  }

  static NodePtr scalar(const YAML::Mark& mark, json value) {
    auto node = std::make_shared<Node>();
    node->line = mark.line + 1;
    if (value.is_string()) node->bytes += value.get_ref<const std::string&>().size();
    node->scalar = std::move(value);
    return node;
  }

  static json typed(const YAML::Mark& mark, const std::string& tag, const std::string& value) {
    static constexpr std::string_view kStandard = "tag:yaml.org,2002:";
    if (tag == "!" || tag == std::string(kStandard) + "str") return value;
    if (tag == "?" || tag.empty()) return yaml_scalar(value);
    const std::string_view name = std::string_view(tag).substr(std::min(tag.size(), kStandard.size()));
    const bool standard = tag.starts_with(kStandard) && (name == "int" || name == "float" || name == "bool");
    if (!standard) refuse(mark, "unknown tag \"" + tag + "\"");
    return yaml_scalar(value);
  }

  void refuse_duplicate(const YAML::Mark& mark, const std::string& key) {
    const auto [first, is_new] = open_.back().keys.try_emplace(key, mark.line + 1);
    if (is_new) return;
    refuse(mark, "\"" + key + "\" is here twice; it is in line " + std::to_string(first->second) + " already");
  }

  void open(Node::Kind kind, const char* own_tag, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    if (wants_key()) refuse(mark, "a key must be text; a value that begins with \"{\" or \"[\" must be quoted");
    if (tag != "?" && tag != "!" && !tag.empty() && tag != own_tag) refuse(mark, "unknown tag \"" + tag + "\"");
    open_.emplace_back();
    open_.back().mark = mark;
    open_.back().anchor = anchor;
    open_.back().node.kind = kind;
    open_.back().node.line = mark.line + 1;
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    for (Member& member : done.merged) {
      if (!done.keys.try_emplace(member.key, member.line).second) continue;  // its own keys and earlier merges win
      done.node.bytes += member.value->bytes + member.key.size();
      done.node.members.push_back(std::move(member));
    }
    add(std::make_shared<const Node>(std::move(done.node)), done.mark, done.anchor);
  }

  void merge(const NodePtr& value, const YAML::Mark& mark) {
    if (value->kind == Node::Kind::Scalar) refuse(mark, "\"<<\" takes a map, or a list of maps");
    for (const NodePtr& item : value->items) {
      if (item->kind != Node::Kind::Map) refuse(mark, "\"<<\" takes a map, or a list of maps");
      merge(item, mark);
    }
    std::vector<Member>& merged = open_.back().merged;
    merged.insert(merged.end(), value->members.begin(), value->members.end());
  }

  void add(const NodePtr& node, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    if (open_.empty()) {
      root_ = node;
      return;
    }
    Open& parent = open_.back();
    parent.node.depth = std::max(parent.node.depth, node->depth + 1);
    if (parent.node.depth > kMaxDepth) refuse(mark, "nested more than " + std::to_string(kMaxDepth) + " levels deep");
    parent.node.bytes += node->bytes;
    if (parent.node.kind == Node::Kind::Sequence) {
      parent.node.items.push_back(node);
      return;
    }
    if (parent.merge) {
      merge(node, mark);
    } else {
      parent.node.bytes += parent.key->size();
      parent.node.members.push_back({*parent.key, parent.key_line, node});
    }
    parent.key.reset();
  }

  std::vector<Open> open_;
  std::map<YAML::anchor_t, NodePtr> anchors_;
  std::size_t alias_bytes_ = 0;
  NodePtr root_;
  YAML::Mark start_;
};

bool is_empty(const NodePtr& root) {
  return root == nullptr || (root->kind == Node::Kind::Scalar && root->scalar.is_null());
}

json to_json(const Node& node, const std::string& path, std::map<std::string, int>& lines) {
  if (node.kind == Node::Kind::Scalar) return node.scalar;
  json value = node.kind == Node::Kind::Map ? json::object() : json::array();
  for (const Member& member : node.members) {
    const std::string inner = path.empty() ? member.key : path + "." + member.key;
    lines[inner] = member.line;
    value[member.key] = to_json(*member.value, inner, lines);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string inner = path + "[" + std::to_string(i) + "]";
    lines[inner] = node.items[i]->line;
    value.push_back(to_json(*node.items[i], inner, lines));
  }
  return value;
}

std::unexpected<Error> fail_at(const std::string& source, int line, const std::string& message) {
  const std::string where = line > 0 ? source + ":" + std::to_string(line) : source;
  return fail(Errc::InvalidInput, where + ": " + message);
}

/// The line of the first byte that no YAML file holds; 0 if there is none. yaml-cpp takes 0x04 for the end of the file
/// and NUL bytes for another encoding.
int line_of_bad_byte(std::string_view text) {
  int line = 1;
  while (!text.empty()) {
    const std::string_view rest = text.substr(0, text.find('\n'));
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r'; };
    if (std::ranges::any_of(rest, control) || to_valid_utf8(rest) != rest) return line;
    text.remove_prefix(std::min(text.size(), rest.size() + 1));
    ++line;
  }
  return 0;
}

/// yaml-cpp takes what it could not fit into a document for the next one.
bool begins_document(std::string_view text, const YAML::Mark& mark) {
  for (int line = 0; line < mark.line; ++line) text.remove_prefix(std::min(text.size(), text.find('\n')) + 1);
  return text.starts_with("---");
}

}  // namespace

Result<std::vector<YamlDocument>> parse_yaml(std::string_view text, const std::string& source) {
  if (const int line = line_of_bad_byte(text); line > 0) {
    return fail_at(source, line, "a byte that is no text; expected a YAML file in UTF-8");
  }
  std::vector<YamlDocument> documents;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    for (bool first = true;; first = false) {
      TreeBuilder builder;
      if (!parser.HandleNextDocument(builder)) break;
      if (!first && !begins_document(text, builder.start())) {
        return fail_at(source, builder.start().line + 1, "does not fit what stands above it; look at the indentation");
      }
      if (is_empty(builder.root())) continue;
      YamlDocument document;
      document.lines[""] = builder.root()->line;
      document.value = to_json(*builder.root(), "", document.lines);
      documents.push_back(std::move(document));
    }
  } catch (const YAML::DeepRecursion&) {
    return fail_at(source, 0, "nested too deep");
  } catch (const YAML::Exception& error) {
    const bool vague = error.msg.ends_with("not found");  // "end of map not found"
    return fail_at(source, error.mark.line + 1, error.msg + (vague ? "; look at the indentation" : ""));
  }
  return documents;
}

std::string describe(const Problems& problems, const YamlDocument& document, const std::string& source) {
  std::string text;
  for (const Problem& problem : problems) {
    std::string path = problem.path;
    auto found = document.lines.find(path);
    while (found == document.lines.end() && !path.empty()) {
      const std::size_t cut = path.find_last_of(".[");
      path.resize(cut == std::string::npos ? 0 : cut);
      found = document.lines.find(path);
    }
    if (!text.empty()) text += "\n";
    text += source;
    if (found != document.lines.end()) text += ":" + std::to_string(found->second);
    text += ": " + (problem.path.empty() ? "" : problem.path + ": ") + problem.message;
  }
  return text;
}

}  // namespace axon
