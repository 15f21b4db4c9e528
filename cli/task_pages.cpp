#include "cli/task_pages.hpp"

#include <algorithm>

#include "cli/kinds.hpp"
#include "core/json_access.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;
using kube::Json;

const kube::Resource kEvents{"", "v1", "events"};

Neighbour neighbour_of(const TaskPage& page) { return {page.name, page.status.phase, page.created}; }

awaitable<Result<void>> add_dependencies(kube::Client& client, TaskPage& page) {
  for (const std::string& name : page.spec.depends_on) {
    const Result<Json> found = co_await client.get(kTaskKind.resource, {page.ns, name});
    if (!found && found.error().code != Errc::NotFound) co_return std::unexpected(found.error());
    page.dependencies.push_back(found ? neighbour_of(read_task_page(*found)) : Neighbour{name, "", {}});
    if (found && page.dependencies.back().phase.empty()) page.dependencies.back().phase = phase::kPending;
  }
  co_return Result<void>{};
}

/// Who has the branch, and who waits for it. One object at a time is held, however many Tasks there are.
awaitable<Result<void>> add_branch_queue(kube::Client& client, TaskPage& page) {
  if (page.spec.branch.empty() || is_finished(page.status)) co_return Result<void>{};
  kube::ListOptions which;
  which.ns = page.ns;
  const auto take = [&](const Json& object) -> Result<void> {
    const TaskPage other = read_task_page(object);
    const bool same = other.spec.branch == page.spec.branch && other.spec.workspace == page.spec.workspace;
    if (same && !is_finished(other.status)) page.on_branch.push_back(neighbour_of(other));
    return {};
  };
  const auto listed = co_await client.list(kTaskKind.resource, which, take, [&] { page.on_branch.clear(); });
  if (!listed) co_return std::unexpected(listed.error());
  std::ranges::sort(page.on_branch, {}, [](const Neighbour& one) { return std::pair(one.created, one.name); });
  co_return Result<void>{};
}

awaitable<void> add_events(kube::Client& client, TaskPage& page) {
  kube::ListOptions which;
  which.ns = page.ns;
  which.field_selector = "involvedObject.kind=Task,involvedObject.name=" + page.name;
  const auto take = [&](const Json& event) -> Result<void> {
    Happened happened = read_event(event);
    if (happened.at >= page.created) page.events.push_back(std::move(happened));  // else of an earlier one of this name
    return {};
  };
  co_await client.list(kEvents, which, take, [&] { page.events.clear(); });
}

}  // namespace

awaitable<Result<TaskPage>> find_task_page(kube::Client& client, kube::Key task) {
  const Result<Json> object = co_await client.get(kTaskKind.resource, std::move(task));
  if (!object) co_return std::unexpected(object.error());
  TaskPage page = read_task_page(*object);
  if (auto added = co_await add_dependencies(client, page); !added) co_return std::unexpected(added.error());
  if (auto added = co_await add_branch_queue(client, page); !added) co_return std::unexpected(added.error());
  co_await add_events(client, page);
  co_return page;
}

}  // namespace axon::cli
