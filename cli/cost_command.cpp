// axon cost
#include <memory>

#include "cli/cluster.hpp"
#include "cli/commands.hpp"
#include "cli/cost.hpp"
#include "cli/files.hpp"
#include "cli/kinds.hpp"
#include "cli/screen.hpp"
#include "kube/clock.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;

struct CostOptions {
  ClusterOptions cluster;
  bool local = false;
  bool all_namespaces = false;
  std::string selector;
  std::string by = "day";
  std::string since;
  std::string output = "table";
};

/// What is to be counted, and how.
struct Question {
  Grouping by;
  Time since;
};

Result<Question> question_of(const CostOptions& options) {
  Result<Grouping> by = parse_grouping(options.by);
  if (!by) return std::unexpected(by.error());
  Question question{*std::move(by), Time::min()};
  if (options.since.empty()) return question;
  const auto period = parse_period(options.since, "--since");
  if (!period) return std::unexpected(period.error());
  question.since = kube::now() - *period;
  return question;
}

void take(std::vector<Spending>& all, std::optional<Spending> one, const Question& question) {
  if (one && one->at >= question.since) all.push_back(*std::move(one));
}

void print(const std::vector<Spending>& all, const Question& question, const CostOptions& options) {
  if (all.empty() && options.output == "table") {
    write_line(2, "No finished Tasks found.");
    return;
  }
  const CostSheet sheet = sum_up(all, question.by);
  write_all(1, render_costs(sheet, options.output, terminal_look()));
  if (sheet.total.without_cost > 0 && options.output == "table") {
    write_line(2, std::to_string(sheet.total.without_cost) + " of " + std::to_string(sheet.total.tasks) +
                      " Tasks do not say what they cost; their tokens are counted where they are told.");
  }
}

/// One Task at a time is held as it comes, whatever its prompt's size.
awaitable<Result<int>> ask_cluster(kube::Client& client, const CostOptions& options, Question question) {
  kube::ListOptions which;
  which.ns = options.all_namespaces ? "" : client.default_namespace();
  which.label_selector = options.selector;
  std::vector<Spending> all;
  const auto item = [&](const kube::Json& task) {
    take(all, spending_of(task), question);
    return Result<void>{};
  };
  const Result<std::string> listed = co_await client.list(kTaskKind.resource, which, item, [&] { all.clear(); });
  if (!listed) co_return std::unexpected(listed.error());
  print(all, question, options);
  co_return 0;
}

Result<int> ask_machine(const CostOptions& options, const Question& question) {
  if (options.all_namespaces || !options.selector.empty()) {
    return fail(Errc::InvalidInput, "axon cost --local: -A and --selector are for a cluster");
  }
  std::vector<std::string> problems;
  const Result<std::vector<StoredTask>> tasks = list_tasks(problems);
  if (!tasks) return std::unexpected(tasks.error());
  for (const std::string& problem : problems) write_line(2, "axon: " + problem);
  std::vector<Spending> all;
  for (const StoredTask& task : *tasks) take(all, spending_of(task), question);
  print(all, question, options);
  return problems.empty() ? 0 : 1;
}

Result<int> act(const CostOptions& options) {
  const Result<Question> question = question_of(options);
  if (!question) return std::unexpected(question.error());
  if (options.local) return ask_machine(options, *question);
  return in_namespace(options.cluster, [&](kube::Client& client) { return ask_cluster(client, options, *question); });
}

}  // namespace

Command add_cost(CLI::App& program) {
  auto options = std::make_shared<CostOptions>();
  CLI::App* app =
      program.add_subcommand("cost", "Sum up tokens and cost of the Tasks that have ended and are still there");
  app->footer(
      "Examples:\n  axon cost --since 7d\n  axon cost -A --by type\n  axon cost --by label=team -o csv > costs.csv\n"
      "  axon cost --by spawner -l env=prod -o json\n  axon cost --local --by model");
  app->add_option("--by", options->by,
                  "day (UTC), month, type, model, spawner, namespace, phase, task or label=KEY (default: day)");
  app->add_option("--since", options->since, "Only Tasks that ended within this time, as 7d or 36h");
  app->add_option("-l,--selector", options->selector, "Only Tasks with these labels: team=web,tier!=test");
  app->add_flag("-A,--all-namespaces", options->all_namespaces, "Of every namespace");
  app->add_option("-o,--output", options->output, "table, csv or json")->check(CLI::IsMember({"table", "csv", "json"}));
  app->add_flag("--local", options->local, "Tasks of this machine");
  add_namespaced_options(*app, options->cluster);
  return {app, [options] { return act(*options); }};
}

}  // namespace axon::cli
