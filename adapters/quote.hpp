// An agent's own words inside a message of ours.
#pragma once

#include <string>
#include <string_view>

namespace axon {

/// The first sentence, at most 300 bytes, without its full stop.
std::string quote(std::string_view words);

}  // namespace axon
