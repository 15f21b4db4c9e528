// The words of the API server: which resource, which object. No kind is known here, only what all have: metadata.
#pragma once

#include <compare>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace axon::kube {

using Json = nlohmann::json;

struct Resource {
  std::string group;  // empty: the core group
  std::string version;
  std::string plural;

  bool operator==(const Resource&) const = default;
};

/// An object within its resource. `ns` is empty for one that lies in no namespace, or where all namespaces are meant.
struct Key {
  std::string ns;
  std::string name;

  auto operator<=>(const Key&) const = default;
};

/// "demo/fix-docs", "fix-docs", "demo".
std::string to_string(const Key& key);

/// "/apis/batch/v1", "/api/v1".
std::string group_path(const Resource& resource);

/// "/apis/batch/v1/namespaces/demo/jobs/x/status"; without a name the collection, without a namespace that of all.
std::string path_of(const Resource& resource, const Key& key, std::string_view subresource = "");

/// "a=b&c=d%20e"; parameters with an empty value are left out.
std::string query_of(const std::vector<std::pair<std::string, std::string>>& parameters);

/// The text under a JSON pointer ("/metadata/name"); empty if there is none.
std::string text_at(const Json& object, const char* pointer);

/// From metadata.
Key key_of(const Json& object);

/// For a request's body. Fails with InvalidInput where a text is not UTF-8, as JSON has to be.
Result<std::string> body_of(const Json& object);

/// Fails with Unavailable: what the API server sends is JSON, so something in between broke it.
Result<Json> parse_json(std::string_view text);

}  // namespace axon::kube
