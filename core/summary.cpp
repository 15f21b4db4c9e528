#include "core/summary.hpp"

namespace axon {
namespace {

struct Update {
  Summary& summary;

  void operator()(const event::SessionStarted& e) const {
    if (!e.session_id.empty()) summary.session_id = e.session_id;
    if (!e.model.empty()) summary.model = e.model;
    summary.another_turn = summary.finished.has_value();
  }
  void operator()(const event::Text& e) const {
    if (!e.subagent) summary.response = e.text;
  }
  void operator()(const event::ToolCall&) const { ++summary.tool_calls; }
  void operator()(const event::ToolResult&) const {}
  void operator()(const event::Turn&) const { summary.turns = summary.turns.value_or(0) + 1; }
  void operator()(const event::Retry& e) const {
    ++summary.retries;
    summary.last_problem = e.cause;
  }
  void operator()(const event::BackgroundTasks& e) const { summary.background_tasks = e.running; }
  void operator()(const event::UsageStep& e) const {
    summary.usage = summary.usage ? *summary.usage + e.usage : e.usage;
  }
  void operator()(const event::UsageTotal& e) const { summary.usage = e.usage; }
  void operator()(const event::Problem& e) const { summary.last_problem = e.failure; }
  void operator()(const event::Finished& e) const {
    summary.finished = e;
    summary.another_turn = false;
    if (!e.response.empty()) summary.response = e.response;
    if (e.turns) summary.turns = e.turns;
  }
  void operator()(const event::Plain&) const {}
  void operator()(const event::Unknown&) const {}
};

}  // namespace

void update(Summary& summary, const Event& event) {
  if (is_progress(event)) summary.last_problem.reset();
  std::visit(Update{summary}, event);
}

bool is_done(const Summary& summary) {
  return summary.finished && summary.background_tasks == 0 && !summary.another_turn;
}

}  // namespace axon
