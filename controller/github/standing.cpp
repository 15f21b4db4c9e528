#include "controller/github/standing.hpp"

#include <algorithm>

namespace axon::controller::github {
namespace {

/// There is a token, and it is of the App and installation that the Workspace names now.
bool holds_right_one(const Kept& kept) {
  return kept.held && kept.source && kept.held->identity == identity(*kept.source);
}

}  // namespace

void set_source(Kept& kept, Source source) {
  if (kept.source == source) return;
  kept.source = std::move(source);
  kept.trouble.clear();
  kept.failures = 0;
  kept.not_before = {};
}

Time due_at(const Kept& kept) { return std::max(holds_right_one(kept) ? kept.refresh : Time(), kept.not_before); }

Standing standing(const Kept& kept, Time now) {
  const bool holds = holds_right_one(kept);
  return {.is_usable = holds && is_usable(kept.held->life, now),
          .is_running_out = holds && is_running_out(kept.held->life, now),
          .trouble = kept.trouble};
}

}  // namespace axon::controller::github
