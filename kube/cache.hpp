// The objects that an informer has seen, as compact as they go, with indexes. Pure.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "kube/object.hpp"

namespace axon::kube {

/// One state of an object. Its JSON is kept as text, a fifth of the memory of the parsed form.
struct Object {
  Key key;
  std::string uid;
  std::string resource_version;
  std::string text;

  [[nodiscard]] Json json() const { return Json::parse(text); }
};

using ObjectPtr = std::shared_ptr<const Object>;

struct Change {
  enum class Kind { Added, Updated, Deleted };
  Kind kind = Kind::Added;
  ObjectPtr before;  // Updated and Deleted; of a deletion the last state that was seen
  ObjectPtr after;   // Added and Updated
  Json json;         // of the one that there is, or was last: whoever is told need not parse it
};

/// Takes out of an object what nobody reads, before it enters the cache. metadata.managedFields always goes.
using Trim = std::function<void(Json& object)>;

/// The terms under which an object is found, from the object after the trim.
using Indexer = std::function<std::vector<std::string>(const Json& object)>;

class Cache {
 public:
  Cache(Trim trim, std::map<std::string, Indexer> indexers);

  /// The object is there in this state. No change where that was known; where another object has taken the name, a
  /// deletion and an addition.
  std::vector<Change> put(Json json);

  /// It is gone; `json` is the state that it had. No change where it was not known.
  std::vector<Change> remove(Json json);

  /// A full list begins, or begins anew: between here and end_list() each of its objects is put.
  void begin_list();

  /// What the list did not hold is gone.
  std::vector<Change> end_list();

  [[nodiscard]] ObjectPtr find(const Key& key) const;  // null if there is none
  [[nodiscard]] std::vector<ObjectPtr> find_by(const std::string& index, const std::string& term) const;
  [[nodiscard]] std::vector<ObjectPtr> all() const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    ObjectPtr object;
    std::vector<std::string> terms;
    bool was_listed = false;
  };
  using Entries = std::map<Key, Entry>;

  static std::string term_of(const std::string& index, const std::string& term) { return index + '\0' + term; }
  ObjectPtr compact(Json& object) const;
  void insert(const ObjectPtr& object, const Json& json);
  ObjectPtr erase(Entries::iterator entry);

  Trim trim_;
  std::map<std::string, Indexer> indexers_;
  Entries entries_;
  std::map<std::string, std::set<Key>> terms_;
};

}  // namespace axon::kube
