#include "cli/watch_table.hpp"

#include <map>
#include <optional>

#include "cli/files.hpp"
#include "core/json_access.hpp"
#include "kube/wakeup.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;
using kube::Json;

constexpr std::chrono::milliseconds kPause{500};  // before a server that does not answer is asked again

bool may_pass(const Error& error) { return error.code == Errc::Unavailable || error.code == Errc::TimedOut; }

/// Prints what has not been printed yet. Columns get wider, never narrower.
class Lines {
 public:
  Lines(const Kind& kind, TableView view) : kind_(kind), view_(view) {}

  void print(const Json& table) {
    std::vector<Row> rows = {widest_};
    if (!table_) {
      table_.emplace(kind_, table, view_);
      rows.push_back(table_->heading());
    }
    const std::vector<Row> all = table_->rows(table);
    std::size_t i = 0;
    for (const Json& entry : array_at(table, "rows")) {
      const Json& metadata = object_at(object_at(entry, "object"), "metadata");
      std::string& shown = shown_[text_at(metadata, "namespace") + "/" + text_at(metadata, "name")];
      const std::string version = text_at(metadata, "resourceVersion");
      if (std::exchange(shown, version) != version) rows.push_back(all[i]);
      ++i;
    }
    for (const Row& row : rows) widen(row);
    rows.front() = widest_;
    const std::string text = render_table(rows, terminal_look());
    write_all(1, std::string_view(text).substr(text.find('\n') + 1));
  }

 private:
  /// The widest cells so far make a first row, which is not printed: the others are aligned to it.
  void widen(const Row& row) {
    widest_.resize(std::max(widest_.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row[i].size() > widest_[i].size()) widest_[i] = row[i];
    }
  }

  const Kind& kind_;
  TableView view_;
  std::optional<ServerTable> table_;
  std::map<std::string, std::string> shown_;  // object -> its resourceVersion
  Row widest_;
};

}  // namespace

awaitable<Result<int>> watch_table(kube::Client& client, const Kind& kind, std::string ns, std::string name,
                                   std::string selector, TableView view) {
  Lines lines(kind, view);
  kube::TableOptions list;
  list.label_selector = selector;
  list.field_selector = name.empty() ? "" : "metadata.name=" + name;
  list.object = object_for(kind, {.wide = view.wide, .namespaces = true});
  kube::WatchOptions watch;
  watch.ns = ns;
  watch.label_selector = list.label_selector;
  watch.field_selector = list.field_selector;
  watch.table = list.object;
  const auto changed = [&](const kube::WatchEvent& event) -> Result<void> {
    if (event.kind != kube::WatchEvent::Kind::Bookmark) lines.print(event.object);
    return {};
  };
  for (bool first = true;; first = false) {
    const Result<Json> table = co_await client.table(kind.resource, {ns, ""}, list);
    if (!table && (first || !may_pass(table.error()))) co_return std::unexpected(table.error());
    if (table) {
      lines.print(*table);
      watch.resource_version = text_at(object_at(*table, "metadata"), "resourceVersion");
      const Result<void> ended = co_await client.watch(kind.resource, watch, changed);
      if (!ended && ended.error().code == Errc::PermissionDenied) co_return std::unexpected(ended.error());
      if (ended) continue;
    }
    co_await kube::sleep_for(kPause);
  }
}

}  // namespace axon::cli
