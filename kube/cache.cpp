#include "kube/cache.hpp"

namespace axon::kube {

Cache::Cache(Trim trim, std::map<std::string, Indexer> indexers)
    : trim_(std::move(trim)), indexers_(std::move(indexers)) {}

ObjectPtr Cache::compact(Json& object) const {
  if (object.contains("metadata")) object["metadata"].erase("managedFields");
  auto result = std::make_shared<Object>();
  result->key = key_of(object);
  result->uid = text_at(object, "/metadata/uid");
  result->resource_version = text_at(object, "/metadata/resourceVersion");
  if (trim_) trim_(object);
  result->text = object.dump();
  result->text.shrink_to_fit();
  return result;
}

void Cache::insert(const ObjectPtr& object, const Json& json) {
  Entry& entry = entries_[object->key];
  entry.object = object;
  entry.was_listed = true;
  for (const auto& [name, indexer] : indexers_) {
    for (const std::string& term : indexer(json)) {
      entry.terms.push_back(term_of(name, term));
      terms_[entry.terms.back()].insert(object->key);
    }
  }
}

ObjectPtr Cache::erase(Entries::iterator entry) {
  for (const std::string& term : entry->second.terms) {
    const auto found = terms_.find(term);
    if (found == terms_.end()) continue;  // two equal terms of one object
    found->second.erase(entry->first);
    if (found->second.empty()) terms_.erase(found);
  }
  ObjectPtr object = std::move(entry->second.object);
  entries_.erase(entry);
  return object;
}

std::vector<Change> Cache::put(Json json) {
  const ObjectPtr after = compact(json);
  const auto known = entries_.find(after->key);
  if (known == entries_.end()) {
    insert(after, json);
    return {{Change::Kind::Added, nullptr, after, std::move(json)}};
  }
  if (known->second.object->uid == after->uid && known->second.object->resource_version == after->resource_version) {
    known->second.was_listed = true;
    return {};
  }
  const ObjectPtr before = erase(known);
  insert(after, json);
  if (before->uid == after->uid) return {{Change::Kind::Updated, before, after, std::move(json)}};
  return {{Change::Kind::Deleted, before, nullptr, before->json()},
          {Change::Kind::Added, nullptr, after, std::move(json)}};
}

std::vector<Change> Cache::remove(Json json) {
  const ObjectPtr last = compact(json);
  const auto known = entries_.find(last->key);
  if (known == entries_.end() || known->second.object->uid != last->uid) return {};
  erase(known);
  return {{Change::Kind::Deleted, last, nullptr, std::move(json)}};
}

void Cache::begin_list() {
  for (auto& [key, entry] : entries_) entry.was_listed = false;
}

std::vector<Change> Cache::end_list() {
  std::vector<Change> changes;
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto next = std::next(entry);
    if (!entry->second.was_listed) {
      const ObjectPtr last = erase(entry);
      changes.push_back({Change::Kind::Deleted, last, nullptr, last->json()});
    }
    entry = next;
  }
  return changes;
}

ObjectPtr Cache::find(const Key& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : found->second.object;
}

std::vector<ObjectPtr> Cache::find_by(const std::string& index, const std::string& term) const {
  std::vector<ObjectPtr> result;
  const auto found = terms_.find(term_of(index, term));
  if (found == terms_.end()) return result;
  for (const Key& key : found->second) result.push_back(entries_.at(key).object);
  return result;
}

std::vector<ObjectPtr> Cache::all() const {
  std::vector<ObjectPtr> result;
  for (const auto& [key, entry] : entries_) result.push_back(entry.object);
  return result;
}

}  // namespace axon::kube
