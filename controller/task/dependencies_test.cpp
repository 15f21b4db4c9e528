#include "controller/task/dependencies.hpp"

#include <gtest/gtest.h>

#include <map>

#include "controller/task/branches.hpp"
#include "controller/template/template.hpp"

namespace axon::controller {
namespace {

class Tasks {
 public:
  TaskFacts& add(const std::string& name, std::vector<std::string> depends_on, std::string_view phase = "") {
    TaskFacts& task = tasks_[name];
    task.name = name;
    task.spec.depends_on = std::move(depends_on);
    task.status.phase = phase;
    return task;
  }

  [[nodiscard]] DependencyVerdict check(const std::string& name) const {
    return check_dependencies(tasks_.at(name), find());
  }

  [[nodiscard]] FindTask find() const {
    return [this](const std::string& name) {
      const auto found = tasks_.find(name);
      return found == tasks_.end() ? nullptr : &found->second;
    };
  }

 private:
  std::map<std::string, TaskFacts> tasks_;
};

TEST(Dependencies, MustAllHaveSucceeded) {
  Tasks tasks;
  tasks.add("a", {}, phase::kSucceeded);
  tasks.add("b", {}, phase::kRunning);
  tasks.add("c", {"a"});
  tasks.add("d", {"a", "b"});
  tasks.add("e", {"gone"});
  EXPECT_EQ(tasks.check("c"), DependencyVerdict(DependenciesMet{}));
  EXPECT_EQ(tasks.check("d"), DependencyVerdict(DependenciesOpen{"waits for Task \"b\" to succeed"}));
  EXPECT_EQ(tasks.check("e"), DependencyVerdict(DependenciesOpen{"waits for Task \"gone\", which does not exist"}));
}

TEST(Dependencies, FailWithOneOfThemEvenWhileAnotherIsOpen) {
  Tasks tasks;
  tasks.add("a", {}, phase::kFailed);
  tasks.add("c", {"gone", "a"});
  EXPECT_EQ(tasks.check("c"), DependencyVerdict(DependenciesBroken{"DependencyFailed", "Dependency \"a\" failed"}));
}

TEST(Dependencies, AreNoCircle) {
  Tasks tasks;
  tasks.add("a", {"b"});
  tasks.add("b", {"x", "c"});
  tasks.add("c", {"a"});
  tasks.add("self", {"self"});
  tasks.add("outside", {"a"});
  EXPECT_EQ(tasks.check("a"), DependencyVerdict(DependenciesBroken{"CircularDependency",
                                                                   "Circular dependency detected: a -> b -> c -> a"}));
  EXPECT_EQ(tasks.check("self"),
            DependencyVerdict(DependenciesBroken{"CircularDependency", "Circular dependency detected: self -> self"}));
  // It is in no circle itself; it fails when "a" has failed.
  EXPECT_TRUE(std::holds_alternative<DependenciesOpen>(tasks.check("outside")));
}

TEST(Dependencies, PassTheirResultsOn) {
  Tasks tasks;
  TaskFacts& a = tasks.add("a", {}, phase::kSucceeded);
  a.status.outputs = {"branch: x"};
  a.status.results = {{"branch", "x"}};
  const TaskFacts& b = tasks.add("b", {"a"});
  const auto prompt =
      templates::parse("prompt", R"(Go on with {{ index .Deps "a" "Results" "branch" }}: {{ .Deps.a.Outputs }})");
  ASSERT_TRUE(prompt) << prompt.error().message;
  EXPECT_EQ(templates::execute(*prompt, dependency_values(b, tasks.find())), "Go on with x: [branch: x]");
}

Time at(int second) { return Time(std::chrono::seconds(second)); }

TEST(Branch, IsWorkedOnByOneTaskAtATime) {
  EXPECT_EQ(branch_holder("b", at(2), {{"b", at(2), false, true}}), std::nullopt);
  EXPECT_EQ(branch_holder("b", at(2), {{"c", at(3), true, false}}), "c");
  EXPECT_EQ(branch_holder("b", at(2), {{"a", at(1), false, true}, {"c", at(3), false, true}}), "a");
  EXPECT_EQ(branch_holder("b", at(2), {{"c", at(3), false, true}}), std::nullopt);
  EXPECT_EQ(branch_holder("b", at(2), {{"a", at(1), false, true}, {"b", at(2), true, false}}), std::nullopt);
}

TEST(Branch, IsNotKeptByATaskThatWaitsForAnother) {
  EXPECT_EQ(branch_holder("b", at(2), {{"a", at(1), false, false}}), std::nullopt);
}

TEST(Branch, IsHeldFromTheCreationOfTheJobOn) {
  TaskFacts task;
  task.uid = "u";
  JobFacts job;
  job.task_uid = "of an earlier Task";
  EXPECT_FALSE(has_started(task, job, false));
  job.task_uid = "u";
  EXPECT_TRUE(has_started(task, job, false)) << "the controller was killed before it wrote the status";
  EXPECT_TRUE(has_started(task, std::nullopt, true));
  task.status.job_name = "t";
  EXPECT_TRUE(has_started(task, std::nullopt, false));
}

TEST(Branch, GoesByNameAmongTasksOfOneSecond) {
  EXPECT_EQ(branch_holder("b", at(1), {{"a", at(1), false, true}}), "a");
  EXPECT_EQ(branch_holder("a", at(1), {{"b", at(1), false, true}}), std::nullopt);
}

}  // namespace
}  // namespace axon::controller
