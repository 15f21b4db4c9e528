// What this process has written and its watches have not shown yet. Decisions that looked at the watches alone would be
// made twice: a second Job, a branch given to two Tasks, a status that goes back.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "controller/task/facts.hpp"

namespace axon::controller {

class OwnWrites {
 public:
  /// Before the Job is created: from now on the Task holds its branch, and has a Job as far as anybody asks.
  void reserve_job(const std::string& task_uid) { reserved_.insert(task_uid); }

  /// Nobody knows whether the Job was created, as the answer was lost: it is to be created again, and until that has an
  /// answer nobody else gets the branch.
  void doubt_job(const std::string& task_uid);

  /// The Job was not asked for after all. A doubt from before stays.
  void cancel_reservation(const std::string& task_uid);

  /// The Job could not be created, or the watch has shown it.
  void release_job(const std::string& task_uid);
  [[nodiscard]] bool has_reserved(const std::string& task_uid) const { return reserved_.contains(task_uid); }
  [[nodiscard]] bool may_have_job(const std::string& task_uid) const;

  /// The status that was written, and the version that the Task has since.
  void remember(const std::string& task_uid, const std::string& resource_version, TaskStatus status);

  /// The watch has shown this version of the Task.
  void seen(const std::string& task_uid, const std::string& resource_version);
  void forget(const std::string& task_uid);

  /// The Task with the status that was last written, where the watch is behind.
  void bring_up_to_date(TaskFacts& task) const;

 private:
  struct Written {
    std::string resource_version;
    TaskStatus status;
  };

  std::set<std::string> reserved_;
  std::set<std::string> doubted_;
  std::map<std::string, Written> written_;
};

/// True if version `a` is as new as `b`, or newer. Of one resource on one API server they are growing numbers.
bool is_as_new(const std::string& a, const std::string& b);

}  // namespace axon::controller
