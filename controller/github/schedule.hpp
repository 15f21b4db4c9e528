// When a token is made anew, and when it is tried again. Pure: the clock and randomness are arguments.
#pragma once

#include <chrono>
#include <optional>

#include "core/timestamp.hpp"

namespace axon::controller::github {

/// Of a token: an hour with GitHub.
struct Life {
  Time issued;  // by our clock
  Time expires;

  bool operator==(const Life&) const = default;
};

/// When the next token is made: after about half of the life, a little sooner or later, so that those of many
/// Workspaces do not come due together; half an hour at most. `random` is in [0, 1).
Time refresh_at(const Life& life, double random);

/// A Task may begin with it: enough is left for the next token to reach the Task's Pod.
bool is_usable(const Life& life, Time now);

/// Most of the life is gone and the next token is not there: who works with it should know.
bool is_running_out(const Life& life, Time now);

/// The wait after so many failures in a row (from 1): 5 s, 10 s, … 5 minutes, a half more at most. Not before GitHub
/// asks to come again, though it may not ask for more than an hour.
std::chrono::seconds retry_after(int failures, std::optional<std::chrono::seconds> asked, double random);

}  // namespace axon::controller::github
