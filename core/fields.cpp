#include "core/fields.hpp"

#include "core/names.hpp"
#include "core/nearest.hpp"

namespace axon {
namespace {

using nlohmann::json;

const json kNoObject = json::object();

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

std::string to_string(const Problems& problems, const std::string& source) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += "\n";
    if (!source.empty()) text += source + ": ";
    text += problem.path.empty() ? problem.message : problem.path + ": " + problem.message;
  }
  return text;
}

std::string at_index(const std::string& list, std::size_t i) { return list + "[" + std::to_string(i) + "]"; }

Fields::Fields(const json& object, std::string path, Problems& problems)
    : object_(&object), path_(std::move(path)), problems_(&problems) {
  if (!object.is_object()) {
    problems.push_back({path_, std::string("expected an object, found ") + object.type_name()});
    object_ = &kNoObject;
  }
}

std::string Fields::path_of(const std::string& key) const {
  if (key.empty()) return path_;
  return path_.empty() ? key : path_ + "." + key;
}

void Fields::problem(const std::string& key, std::string message) {
  problems_->push_back({path_of(key), std::move(message)});
}

const json* Fields::find(const std::string& key) {
  known_.insert(key);
  const auto found = object_->find(key);
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

bool Fields::has(const std::string& key) const {
  const auto found = object_->find(key);
  return found != object_->end() && !found->is_null();
}

std::string Fields::text(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return {};
  if (value->is_string()) return value->get<std::string>();
  problem(key, std::string("expected a string, found ") + value->type_name() + "; quote it if it is meant as text");
  return {};
}

std::string Fields::required_text(const std::string& key) {
  if (find(key) == nullptr) {
    problem(key, "required");
    return {};
  }
  const std::size_t before = problems_->size();
  std::string value = text(key);
  if (value.empty() && problems_->size() == before) problem(key, "must not be empty");
  return value;
}

std::string Fields::one_of(const std::string& key, const std::vector<std::string>& allowed,
                           const std::string& fallback) {
  if (find(key) == nullptr) return fallback;
  const std::size_t before = problems_->size();
  std::string value = text(key);
  if (problems_->size() != before) return fallback;
  if (std::ranges::find(allowed, value) != allowed.end()) return value;
  problem(key, "expected one of " + join(allowed) + ", found \"" + value + "\"");
  return fallback;
}

std::optional<std::int64_t> Fields::integer(const std::string& key, std::int64_t min, std::int64_t max) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  const bool fits =
      value->is_number_integer() &&
      !(value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX));
  if (fits) {
    const auto number = value->get<std::int64_t>();
    if (number >= min && number <= max) return number;
  }
  std::string expected = "expected a whole number of at least " + std::to_string(min);
  if (max != INT64_MAX) expected += " and at most " + std::to_string(max);
  problem(key, std::move(expected));
  return std::nullopt;
}

std::optional<bool> Fields::boolean(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  problem(key, std::string("expected true or false, found ") + value->type_name());
  return std::nullopt;
}

std::vector<std::string> Fields::texts(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return {};
  if (!value->is_array()) {
    problem(key, std::string("expected a list, found ") + value->type_name());
    return {};
  }
  std::vector<std::string> list;
  for (std::size_t i = 0; i < value->size(); ++i) {
    if ((*value)[i].is_string()) {
      list.push_back((*value)[i].get<std::string>());
    } else {
      problem(at_index(key, i), std::string("expected a string, found ") + (*value)[i].type_name());
    }
  }
  return list;
}

std::map<std::string, std::string> Fields::text_map(const std::string& key) {
  const json* value = object(key);
  if (value == nullptr) return {};
  std::map<std::string, std::string> map;
  for (const auto& [name, item] : value->items()) {
    if (item.is_string()) {
      map[name] = item.get<std::string>();
    } else {
      problem(key + "." + name,
              std::string("expected a string, found ") + item.type_name() + "; quote it if it is meant as text");
    }
  }
  return map;
}

const json* Fields::object(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr || value->is_object()) return value;
  problem(key, std::string("expected an object, found ") + value->type_name());
  return nullptr;
}

std::vector<const json*> Fields::objects(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return {};
  if (!value->is_array()) {
    problem(key, std::string("expected a list, found ") + value->type_name());
    return {};
  }
  std::vector<const json*> list;
  for (std::size_t i = 0; i < value->size(); ++i) {
    if ((*value)[i].is_object()) {
      list.push_back(&(*value)[i]);
    } else {
      problem(at_index(key, i), std::string("expected an object, found ") + (*value)[i].type_name());
    }
  }
  return list;
}

std::string Fields::reference(const std::string& key) {
  const json* value = object(key);
  if (value == nullptr) return {};
  Fields fields(*value, path_of(key), *problems_);
  std::string name = fields.required_text("name");
  fields.done();
  return name;
}

std::vector<std::string> Fields::references(const std::string& key) {
  std::vector<std::string> names;
  for (const json* item : objects(key)) {
    Fields fields(*item, path_of(at_index(key, names.size())), *problems_);
    names.push_back(fields.required_text("name"));
    fields.done();
  }
  return names;
}

void Fields::check_component(const std::string& key, std::string_view text) {
  if (text.empty() || is_path_component(text)) return;
  problem(key, "must be one path component: no \"/\", \"\\\", \".\" or \"..\"");
}

const json* Fields::raw(const std::string& key) { return find(key); }

void Fields::ignore(const std::string& key) { known_.insert(key); }

void Fields::done() {
  for (const auto& [key, value] : object_->items()) {
    if (known_.contains(key)) continue;
    const std::string near = nearest(key, known_);
    problem(key, near.empty() ? "unknown field" : "unknown field; did you mean \"" + near + "\"?");
    problems_->back().known.assign(known_.begin(), known_.end());
  }
}

}  // namespace axon
