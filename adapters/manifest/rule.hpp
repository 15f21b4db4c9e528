// One rule of a manifest's stream, applied to one line.
#pragma once

#include <string>

#include "adapters/manifest/model.hpp"
#include "adapters/stream/record.hpp"
#include "core/event.hpp"

namespace axon::manifest {

/// `is_delta`: the event is a text that goes on where the one before it ended.
using RuleSink = std::function<void(const Rule& rule, Event&& event, bool is_delta)>;

/// Gives an event for the line, or for each element that the rule asks for; none where its conditions do not hold.
/// True if it gave one. `agent` is the name for messages.
bool apply_rule(const Rule& rule, const Stream& stream, const stream::Record& record, const std::string& agent,
                const RuleSink& sink);

}  // namespace axon::manifest
