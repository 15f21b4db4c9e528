// What is known of the token of one Workspace's GitHub App, and what follows from it. Pure.
#pragma once

#include <optional>
#include <string>

#include "controller/github/token_secret.hpp"

namespace axon::controller::github {

/// What a Task has to know of it.
struct Standing {
  bool is_usable = false;
  bool is_running_out = false;  // and the next one is late
  std::string trouble;          // why there is no token, or no newer one; empty: nothing is known against it

  bool operator==(const Standing&) const = default;
};

struct Kept {
  std::optional<Source> source;  // that the Workspace names now; empty: not looked at yet, or it cannot be read
  bool was_recalled = false;     // `held` is what the API server has
  std::optional<Held> held;
  Time refresh;  // of `held`
  std::string trouble;
  int failures = 0;              // in a row
  Time not_before;               // after a failure
  std::optional<Standing> told;  // to those who use it; empty: nothing that still holds
};

/// The Workspace names this one now. What failed with another one, the key among it, is tried again at once.
void set_source(Kept& kept, Source source);

/// When the next token is to be made; a time that has passed: now.
Time due_at(const Kept& kept);

Standing standing(const Kept& kept, Time now);

}  // namespace axon::controller::github
