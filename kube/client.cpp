#include "kube/client.hpp"

#include <charconv>

#include "kube/session.hpp"

namespace axon::kube {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

constexpr const char* kMetadataList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
constexpr const char* kMetadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

constexpr const char* kTable = "application/json;as=Table;g=meta.k8s.io;v=v1";

Call call_for(const char* verb, std::string method, const Resource& resource, const Key& key,
              const std::string& subresource = "") {
  Call call;
  const std::string name = to_string(key);
  call.doing = std::string(verb) + " " + resource.plural + (name.empty() ? "" : " " + name);
  call.method = std::move(method);
  call.path = path_of(resource, key, subresource);
  return call;
}

Json delete_body(const DeleteOptions& options) {
  Json body = {{"apiVersion", "v1"}, {"kind", "DeleteOptions"}, {"propagationPolicy", options.propagation}};
  if (!options.uid.empty()) body["preconditions"]["uid"] = options.uid;
  if (!options.resource_version.empty()) body["preconditions"]["resourceVersion"] = options.resource_version;
  return body;
}

int number_in(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);  // "34+": what some providers say
  return number;
}

}  // namespace

struct Client::State {
  std::unique_ptr<Session> session;

  awaitable<Result<Json>> send(Call call) const {
    const Result<http::Response> response = co_await session->send(std::move(call));
    if (!response) co_return std::unexpected(response.error());
    co_return parse_json(response->body);
  }

  awaitable<Result<Json>> send_body(Call call, Result<std::string> body) const {
    if (!body) co_return wrap(call.doing, std::move(body).error());
    call.body = *std::move(body);
    co_return co_await send(std::move(call));
  }

  awaitable<Result<void>> send_and_forget(Call call) const {
    const Result<http::Response> response = co_await session->send(std::move(call));
    if (!response) co_return std::unexpected(response.error());
    co_return Result<void>();
  }

  awaitable<Result<Json>> list_page(Resource resource, ListOptions options, std::string next, ItemSink item) const {
    Call call = call_for("list", "GET", resource, {options.ns, ""});
    call.query = query_of({{"limit", std::to_string(options.page)},
                           {"continue", next},
                           {"labelSelector", options.label_selector},
                           {"fieldSelector", options.field_selector}});
    if (options.metadata_only) call.accept = kMetadataList;
    ListReader reader(options.unread, std::move(item));
    call.sink = [&reader](std::string_view piece) { return reader.feed(piece); };
    const Result<http::Response> response = co_await session->send(std::move(call));
    if (!response) co_return std::unexpected(response.error());
    co_return reader.end();
  }
};

Client::Client(std::shared_ptr<State> state) : state_(std::move(state)) {}
Client::Client(Client&& other) noexcept = default;
Client& Client::operator=(Client&& other) noexcept = default;
Client::~Client() = default;

Result<Client> Client::make(asio::any_io_executor executor, Config config, Environment environment) {
  auto session = Session::make(std::move(executor), std::move(config), std::move(environment));
  if (!session) return std::unexpected(std::move(session).error());
  auto state = std::make_shared<State>();
  state->session = *std::move(session);
  return Client(std::move(state));
}

awaitable<Result<Json>> Client::get(Resource resource, Key key) {
  Call call = call_for("get", "GET", resource, key);
  co_return co_await state_->send(std::move(call));
}

awaitable<Result<std::string>> Client::list(Resource resource, ListOptions options, ItemSink item,
                                            std::function<void()> restart) {
  constexpr int kMaxRestarts = 5;
  std::string next;
  for (int restarts = 0;;) {
    const Result<Json> page = co_await state_->list_page(resource, options, next, item);
    if (page) {
      next = text_at(*page, "/metadata/continue");
      if (next.empty()) co_return text_at(*page, "/metadata/resourceVersion");
      continue;
    }
    if (page.error().code != Errc::Expired || restarts++ == kMaxRestarts) co_return std::unexpected(page.error());
    next.clear();
    if (restart) restart();
  }
}

awaitable<Result<Json>> Client::table(Resource resource, Key key, TableOptions options) {
  Call call = call_for(key.name.empty() ? "list" : "get", "GET", resource, key);
  call.query = query_of({{"includeObject", options.object},
                         {"labelSelector", options.label_selector},
                         {"fieldSelector", options.field_selector}});
  call.accept = kTable;
  call.limits.max_body = std::size_t{1} << 30U;
  co_return co_await state_->send(std::move(call));
}

awaitable<Result<void>> Client::watch(Resource resource, WatchOptions options, WatchSink event) {
  Call call = call_for("watch", "GET", resource, {options.ns, ""});
  call.query = query_of({{"watch", "1"},
                         {"allowWatchBookmarks", "true"},
                         {"resourceVersion", options.resource_version},
                         {"timeoutSeconds", std::to_string(options.lasting.count())},
                         {"labelSelector", options.label_selector},
                         {"fieldSelector", options.field_selector},
                         {"includeObject", options.table}});
  if (options.metadata_only) call.accept = kMetadata;
  if (!options.table.empty()) call.accept = kTable;
  call.is_retried = false;
  call.limits.silence = options.lasting + std::chrono::seconds(30);
  WatchReader reader(options.unread, std::move(event));
  call.sink = [&reader](std::string_view piece) { return reader.feed(piece); };
  co_return co_await state_->send_and_forget(std::move(call));
}

awaitable<Result<Json>> Client::create(Resource resource, Json object, WriteOptions options) {
  const Key key = key_of(object);
  Call call = call_for("create", "POST", resource, {key.ns, ""});
  call.doing += (key.ns.empty() ? " " : "/") + key.name;
  call.query = query_of({{"fieldManager", options.field_manager}});
  co_return co_await state_->send_body(std::move(call), body_of(object));
}

awaitable<Result<Json>> Client::replace(Resource resource, Json object, WriteOptions options) {
  Call call = call_for("update", "PUT", resource, key_of(object), options.subresource);
  call.query = query_of({{"fieldManager", options.field_manager}});
  co_return co_await state_->send_body(std::move(call), body_of(object));
}

awaitable<Result<Json>> Client::apply(Resource resource, Json object, WriteOptions options) {
  Call call = call_for("apply", "PATCH", resource, key_of(object), options.subresource);
  call.query = query_of({{"fieldManager", options.field_manager}, {"force", options.force ? "true" : ""}});
  call.content_type = "application/apply-patch+yaml";  // JSON is YAML
  call.may_repeat = true;
  co_return co_await state_->send_body(std::move(call), body_of(object));
}

awaitable<Result<Json>> Client::patch(Resource resource, Key key, std::string type, Json body, WriteOptions options) {
  Call call = call_for("patch", "PATCH", resource, key, options.subresource);
  call.query = query_of({{"fieldManager", options.field_manager}});
  call.may_repeat = type == PatchType::kMerge;
  call.content_type = std::move(type);
  co_return co_await state_->send_body(std::move(call), body_of(body));
}

awaitable<Result<void>> Client::remove_finalizer(Resource resource, Key key, std::string finalizer, std::string uid,
                                                 std::map<std::string, std::string> labels) {
  Json metadata = {{"$deleteFromPrimitiveList/finalizers", Json::array({std::move(finalizer)})}};
  if (!uid.empty()) metadata["uid"] = std::move(uid);
  if (!labels.empty()) metadata["labels"] = std::move(labels);
  Call call = call_for("patch", "PATCH", resource, key);
  call.query = query_of({{"fieldManager", WriteOptions{}.field_manager}});
  call.may_repeat = true;
  call.content_type = "application/strategic-merge-patch+json";
  call.body = Json{{"metadata", std::move(metadata)}}.dump();
  const Result<Json> done = co_await state_->send(std::move(call));
  if (done || done.error().code == Errc::NotFound || done.error().code == Errc::Conflict) co_return Result<void>();
  co_return std::unexpected(done.error());
}

awaitable<Result<void>> Client::remove(Resource resource, Key key, DeleteOptions options) {
  Call call = call_for("delete", "DELETE", resource, key);
  call.body = delete_body(options).dump();
  co_return co_await state_->send_and_forget(std::move(call));
}

awaitable<Result<void>> Client::remove_all(Resource resource, ListOptions which, DeleteOptions options) {
  Call call = call_for("delete", "DELETE", resource, {which.ns, ""});
  call.query = query_of({{"labelSelector", which.label_selector}, {"fieldSelector", which.field_selector}});
  call.body = delete_body(options).dump();
  call.sink = [](std::string_view) { return Result<void>(); };  // it lists what it deleted
  co_return co_await state_->send_and_forget(std::move(call));
}

awaitable<Result<void>> Client::logs(Key pod, LogOptions options, http::BodySink sink) {
  Call call = call_for("log of", "GET", {"", "v1", "pods"}, pod, "log");
  const auto set = [](bool value) { return std::string(value ? "true" : ""); };
  call.query = query_of({{"container", options.container},
                         {"follow", set(options.follow)},
                         {"timestamps", set(options.timestamps)},
                         {"previous", set(options.previous)},
                         {"sinceTime", options.since_time},
                         {"tailLines", options.tail_lines ? std::to_string(*options.tail_lines) : ""}});
  call.accept = "*/*";
  if (options.follow) call.limits.silence = call.limits.answer = std::chrono::milliseconds(0);
  call.sink = std::move(sink);
  co_return co_await state_->send_and_forget(std::move(call));
}

awaitable<Result<ServerVersion>> Client::version() {
  Call call;
  call.doing = "ask for the API server's version";
  call.path = "/version";
  const Result<Json> found = co_await state_->send(std::move(call));
  if (!found) co_return std::unexpected(found.error());
  co_return ServerVersion{number_in(text_at(*found, "/major")), number_in(text_at(*found, "/minor")),
                          text_at(*found, "/gitVersion")};
}

awaitable<Result<bool>> Client::serves(Resource resource) {
  Call call;
  call.doing = "look for " + resource.plural + " in the API";
  call.path = group_path(resource);
  const Result<Json> found = co_await state_->send(std::move(call));
  if (!found && found.error().code == Errc::NotFound) co_return false;
  if (!found) co_return std::unexpected(found.error());
  const auto resources = found->find("resources");
  if (resources == found->end() || !resources->is_array()) co_return false;
  for (const Json& one : *resources) {
    if (text_at(one, "/name") == resource.plural) co_return true;
  }
  co_return false;
}

asio::any_io_executor Client::executor() const { return state_->session->executor; }
const std::string& Client::default_namespace() const { return state_->session->config.ns; }
bool Client::is_writing() const { return state_->session->writes_under_way > 0; }
std::uint64_t Client::request_count() const { return state_->session->request_count; }

}  // namespace axon::kube
