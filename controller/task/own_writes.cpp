#include "controller/task/own_writes.hpp"

#include <tuple>

namespace axon::controller {

bool is_as_new(const std::string& a, const std::string& b) {
  return std::make_tuple(a.size(), std::string_view(a)) >= std::make_tuple(b.size(), std::string_view(b));
}

void OwnWrites::doubt_job(const std::string& task_uid) {
  reserved_.erase(task_uid);
  doubted_.insert(task_uid);
}

void OwnWrites::cancel_reservation(const std::string& task_uid) { reserved_.erase(task_uid); }

void OwnWrites::release_job(const std::string& task_uid) {
  reserved_.erase(task_uid);
  doubted_.erase(task_uid);
}

bool OwnWrites::may_have_job(const std::string& task_uid) const {
  return reserved_.contains(task_uid) || doubted_.contains(task_uid);
}

void OwnWrites::remember(const std::string& task_uid, const std::string& resource_version, TaskStatus status) {
  written_[task_uid] = {resource_version, std::move(status)};
}

void OwnWrites::seen(const std::string& task_uid, const std::string& resource_version) {
  const auto written = written_.find(task_uid);
  if (written != written_.end() && is_as_new(resource_version, written->second.resource_version))
    written_.erase(written);
}

void OwnWrites::forget(const std::string& task_uid) {
  release_job(task_uid);
  written_.erase(task_uid);
}

void OwnWrites::bring_up_to_date(TaskFacts& task) const {
  const auto written = written_.find(task.uid);
  if (written == written_.end() || is_as_new(task.resource_version, written->second.resource_version)) return;
  task.status = written->second.status;
  task.resource_version = written->second.resource_version;
}

}  // namespace axon::controller
