// The API server's client: what the project calls of it. Every request logs in, is retried where that may help, and
// fails with the server's own words. Runs in the executor that it was made with, on one thread; whatever takes a
// callback calls it there. A request is cancelled by Asio's per-operation cancellation. The client outlives them all.
//
// Errors: NotFound, AlreadyExists, Conflict, Expired, InvalidInput, PermissionDenied, Unauthorized; Unavailable and
// TimedOut when all attempts failed.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "http/http.hpp"
#include "kube/kubeconfig.hpp"
#include "kube/object.hpp"
#include "kube/stream_reader.hpp"

namespace axon::kube {

struct ListOptions {
  std::string ns;  // empty: all
  std::string label_selector;
  std::string field_selector;
  int page = 500;
  bool metadata_only = false;  // PartialObjectMetadata: no spec, no status, no data
  Unread unread = {"managedFields"};
};

/// How much of each object comes with its row of a Table.
struct TableObject {
  static constexpr const char* kNone = "None";
  static constexpr const char* kMetadata = "Metadata";
  static constexpr const char* kWhole = "Object";
};

struct TableOptions {
  std::string label_selector;
  std::string field_selector;
  std::string object = TableObject::kNone;
};

struct WatchOptions {
  std::string ns;
  std::string label_selector;
  std::string field_selector;
  std::string resource_version;       // where a list or a bookmark ended
  std::chrono::seconds lasting{300};  // then the server ends it
  bool metadata_only = false;
  std::string table;  // one of TableObject: each event is a Table of one row
  Unread unread = {"managedFields"};
};

struct LogOptions {
  std::string container;  // empty: the only one
  bool follow = false;
  bool timestamps = false;
  bool previous = false;   // of the container's last run
  std::string since_time;  // RFC 3339
  std::optional<std::int64_t> tail_lines;
};

struct DeleteOptions {
  std::string propagation = "Background";  // Foreground, Orphan
  std::string uid;                         // only this one; empty: any
  std::string resource_version;
};

struct PatchType {
  static constexpr const char* kMerge = "application/merge-patch+json";
  static constexpr const char* kJson = "application/json-patch+json";
};

struct WriteOptions {
  std::string field_manager = "axon";
  std::string subresource;  // "status"
  bool force = false;       // server-side apply: take over fields that others manage
};

struct ServerVersion {
  int major = 0;
  int minor = 0;
  std::string text;  // "v1.34.4"
};

class Client {
 public:
  /// Fails where the configuration's certificates cannot be read. `environment` is for plugins, proxies and CAs.
  static Result<Client> make(boost::asio::any_io_executor executor, Config config, Environment environment);
  Client(Client&& other) noexcept;
  Client& operator=(Client&& other) noexcept;
  ~Client();

  template <class T>
  using Awaitable = boost::asio::awaitable<Result<T>>;

  Awaitable<Json> get(Resource resource, Key key);

  /// Each object of the list goes to `item`. Where the list had to begin anew, because it took so long that the server
  /// no longer keeps its state, `restart` is called first. Gives the resourceVersion that a watch goes on from.
  Awaitable<std::string> list(Resource resource, ListOptions options, ItemSink item, std::function<void()> restart);

  /// What the server would print: columns by columnDefinitions, rows by cells. All of the collection at once, or the
  /// one object that `key` names.
  Awaitable<Json> table(Resource resource, Key key, TableOptions options = {});

  /// Until the server ends it, which is no failure. Not retried: whoever watches knows where to go on.
  Awaitable<void> watch(Resource resource, WatchOptions options, WatchSink event);

  Awaitable<Json> create(Resource resource, Json object, WriteOptions options = {});

  /// All of the object; fails with Conflict unless its resourceVersion is the current one.
  Awaitable<Json> replace(Resource resource, Json object, WriteOptions options = {});

  /// Server-side apply. Fails with Conflict where somebody else manages a field, unless `force`.
  Awaitable<Json> apply(Resource resource, Json object, WriteOptions options = {});

  /// `type` is one of PatchType. A JSON patch with a test of the resourceVersion fails with InvalidInput if that has
  /// changed.
  Awaitable<Json> patch(Resource resource, Key key, std::string type, Json body, WriteOptions options = {});

  /// Off an object of one of Kubernetes' own kinds, and these labels on in the same write. One that is gone, or is
  /// another by now than `uid`, is no failure.
  Awaitable<void> remove_finalizer(Resource resource, Key key, std::string finalizer, std::string uid = "",
                                   std::map<std::string, std::string> labels = {});

  /// The deletion has begun; the object is gone when its finalizers and grace period are through.
  Awaitable<void> remove(Resource resource, Key key, DeleteOptions options = {});

  /// All that the selector covers.
  Awaitable<void> remove_all(Resource resource, ListOptions which, DeleteOptions options = {});

  /// The bytes of the log as they come. With `follow` until the container ends or the caller cancels.
  Awaitable<void> logs(Key pod, LogOptions options, http::BodySink sink);

  Awaitable<ServerVersion> version();

  /// False: the API server does not know the resource; its CustomResourceDefinition is missing.
  Awaitable<bool> serves(Resource resource);

  [[nodiscard]] boost::asio::any_io_executor executor() const;

  /// The namespace of the context, or the Pod's own.
  [[nodiscard]] const std::string& default_namespace() const;

  /// A request that changes something waits for its answer.
  [[nodiscard]] bool is_writing() const;

  /// HTTP requests so far, those that were repeated included, for metrics.
  [[nodiscard]] std::uint64_t request_count() const;

 private:
  struct State;
  explicit Client(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

}  // namespace axon::kube
