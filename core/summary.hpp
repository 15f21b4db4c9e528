// The fold over an agent's events: what a report needs to know of the stream, in constant memory.
#pragma once

#include <optional>
#include <string>

#include "core/event.hpp"

namespace axon {

struct Summary {
  std::string session_id;
  std::string model;
  std::string response;  // the final answer, or the last text while there is none
  std::optional<int> turns;
  std::optional<Usage> usage;
  std::optional<event::Finished> finished;  // the last one
  std::optional<Failure> last_problem;      // since the last progress
  int tool_calls = 0;
  int retries = 0;
  int background_tasks = 0;
  bool another_turn = false;  // the session started again after it had finished

  bool operator==(const Summary&) const = default;
};

void update(Summary& summary, const Event& event);

/// True once the agent has said that it is done, has nothing running in the background and began no other turn.
bool is_done(const Summary& summary);

}  // namespace axon
