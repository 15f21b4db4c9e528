// The controller's log: one JSON object a line on stderr, with a message that never varies and keys that do. A change
// of state is `info`. No secret is ever a value here.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace axon::controller {

using LogKeys = std::vector<std::pair<std::string, std::string>>;

void log_info(std::string_view message, const LogKeys& keys = {});
void log_warning(std::string_view message, const LogKeys& keys = {});
void log_error(std::string_view message, const LogKeys& keys = {});

}  // namespace axon::controller
