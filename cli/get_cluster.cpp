// axon get, of a cluster: one request for a table, whatever the number of objects.
#include <map>

#include "cli/files.hpp"
#include "cli/get_options.hpp"
#include "cli/print_object.hpp"
#include "cli/screen.hpp"
#include "cli/server_table.hpp"
#include "cli/task_pages.hpp"
#include "cli/watch_table.hpp"
#include "core/json_access.hpp"
#include "kube/clock.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;
using kube::Json;

class Getter {
 public:
  Getter(kube::Client& client, const GetOptions& options, Target target)
      : client_(client),
        options_(options),
        kind_(*target.kind),
        names_(std::move(target.names)),
        ns_(options.all_namespaces ? "" : client.default_namespace()),
        view_{.wide = options.output == "wide", .namespaces = options.all_namespaces} {}

  awaitable<Result<int>> get() {
    const std::string& output = options_.output;
    if (options_.watch) co_return co_await watch_table(client_, kind_, ns_, one_name(), options_.selector, view_);
    if (wants_pages()) co_return co_await for_each_name([this](std::string name) { return page(std::move(name)); });
    if (output == "table" || output == "wide") co_return co_await (names_.empty() ? all_rows() : named_rows());
    if (output == "name" && names_.empty()) co_return co_await all_names();
    co_return co_await (names_.empty() ? all_objects() : named_objects());
  }

 private:
  [[nodiscard]] bool wants_pages() const {
    return options_.detail || (options_.output == "wide" && !names_.empty() && &kind_ == &kTaskKind);
  }

  [[nodiscard]] std::string one_name() const { return names_.empty() ? "" : names_.front(); }

  /// One that fails is told, and the others go on.
  template <class Use>
  awaitable<Result<int>> for_each_name(Use use) {
    int code = 0;
    for (const std::string& name : names_) {
      const Result<void> done = co_await use(name);
      if (done) continue;
      if (names_.size() == 1) co_return std::unexpected(done.error());
      write_line(2, terminal_style(2).red("axon: ") + printable(done.error().message));
      code = 1;
    }
    co_return code;
  }

  awaitable<Result<void>> page(std::string name) {
    const Result<TaskPage> found = co_await find_task_page(client_, {ns_, std::move(name)});
    if (!found) co_return std::unexpected(found.error());
    if (std::exchange(has_printed_, true)) write_line(1, "");
    const Style style = terminal_style(1);
    write_all(1, render_page(*found, kube::now(), style));
    co_return Result<void>{};
  }

  awaitable<Result<int>> all_rows() {
    kube::TableOptions which;
    which.label_selector = options_.selector;
    which.object = object_for(kind_, view_);
    const Result<Json> table = co_await client_.table(kind_.resource, {ns_, ""}, which);
    if (!table) co_return std::unexpected(table.error());
    if (array_at(*table, "rows").empty()) {
      tell_none();
    } else {
      print_rows(ServerTable(kind_, *table, view_), *table);
    }
    co_return 0;
  }

  awaitable<Result<int>> named_rows() {
    Json all;
    const Result<int> code = co_await for_each_name([&](std::string name) { return add_row(all, std::move(name)); });
    if (code && !all.is_null()) print_rows(ServerTable(kind_, all, view_), all);
    co_return code;
  }

  awaitable<Result<void>> add_row(Json& all, std::string name) {
    kube::TableOptions which;
    which.object = object_for(kind_, view_);
    Result<Json> table = co_await client_.table(kind_.resource, {ns_, std::move(name)}, which);
    if (!table) co_return std::unexpected(table.error());
    if (all.is_null()) {
      all = *std::move(table);
    } else {
      for (const Json& row : array_at(*table, "rows")) all["rows"].push_back(row);
    }
    co_return Result<void>{};
  }

  static void print_rows(const ServerTable& table, const Json& rows) {
    std::vector<Row> all = {table.heading()};
    for (Row& row : table.rows(rows)) all.push_back(std::move(row));
    write_all(1, render_table(all, terminal_look()));
  }

  void tell_none() const {
    const std::string where = ns_.empty() ? "in any namespace" : "in namespace " + ns_;
    const bool tasks = &kind_ == &kTaskKind && options_.selector.empty();
    write_line(2, "No " + kind_.name + "s found " + where + "." + (tasks ? " Run one: axon run -p PROMPT" : ""));
  }

  awaitable<Result<int>> all_names() {
    kube::ListOptions which = list_options();
    which.metadata_only = true;
    std::string lines;
    const auto take = [&](const Json& object) {
      lines += name_with_kind(kind_, kube::key_of(object).name) + "\n";
      return Result<void>{};
    };
    const Result<std::string> listed = co_await client_.list(kind_.resource, which, take, [&] { lines.clear(); });
    if (!listed) co_return std::unexpected(listed.error());
    write_all(1, lines);
    co_return 0;
  }

  awaitable<Result<int>> all_objects() {
    std::vector<Json> objects;
    const auto take = [&](Json object) {
      objects.push_back(std::move(object));
      return Result<void>{};
    };
    const auto listed = co_await client_.list(kind_.resource, list_options(), take, [&] { objects.clear(); });
    if (!listed) co_return std::unexpected(listed.error());
    print_list(std::move(objects), options_.output);
    co_return 0;
  }

  awaitable<Result<int>> named_objects() {
    std::vector<Json> objects;
    const Result<int> code =
        co_await for_each_name([&](std::string name) { return add_object(objects, std::move(name)); });
    if (!code) co_return code;
    if (options_.output == "name") {
      for (const Json& object : objects) write_line(1, name_with_kind(kind_, kube::key_of(object).name));
    } else if (names_.size() == 1) {
      print_object(objects.front(), options_.output);
    } else {
      print_list(std::move(objects), options_.output);
    }
    co_return code;
  }

  awaitable<Result<void>> add_object(std::vector<Json>& objects, std::string name) {
    Result<Json> object = co_await client_.get(kind_.resource, {ns_, std::move(name)});
    if (!object) co_return std::unexpected(object.error());
    (*object)["metadata"].erase("managedFields");
    objects.push_back(*std::move(object));
    co_return Result<void>{};
  }

  [[nodiscard]] kube::ListOptions list_options() const {
    kube::ListOptions which;
    which.ns = ns_;
    which.label_selector = options_.selector;
    return which;
  }

  kube::Client& client_;
  const GetOptions& options_;
  const Kind& kind_;
  std::vector<std::string> names_;
  std::string ns_;  // empty: all
  TableView view_;
  bool has_printed_ = false;
};

Result<void> check(const GetOptions& options, const Target& target) {
  const auto wrong = [](const std::string& what) { return fail(Errc::InvalidInput, what); };
  const bool named = !target.names.empty();
  const bool table = options.output == "table" || options.output == "wide";
  if (named && options.all_namespaces) return wrong("a name is of one namespace; give --namespace, not -A");
  if (named && !options.selector.empty()) return wrong("give either names or --selector");
  if (options.watch && target.names.size() > 1) return wrong("--watch takes one name, or none");
  if (options.watch && !table) return wrong("--watch shows tables; leave out -o " + options.output);
  if (!options.detail) return {};
  if (target.kind != &kTaskKind) return wrong("--detail is for Tasks; -o yaml shows all of a " + target.kind->name);
  if (!named) return wrong("--detail needs the name of a Task");
  if (!table || options.watch) return wrong("--detail is a page of its own; leave out -o and --watch");
  return {};
}

awaitable<Result<int>> work(kube::Client& client, const GetOptions& options, Target target) {
  Getter getter(client, options, std::move(target));
  co_return co_await getter.get();
}

}  // namespace

Result<int> get_from_cluster(const GetOptions& options) {
  const Result<Target> target = parse_target(options.kind, options.names);
  if (!target) return std::unexpected(target.error());
  if (const auto fine = check(options, *target); !fine) return std::unexpected(fine.error());
  return in_namespace(options.cluster, [&](kube::Client& client) { return work(client, options, *target); });
}

}  // namespace axon::cli
