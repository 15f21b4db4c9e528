// JSON with comments and trailing commas, as editors' and some agents' configuration files have it.
#pragma once

#include <string>
#include <string_view>

namespace axon::config {

/// The same document as plain JSON: comments become blanks, commas before a closing bracket go. Text that is no JSON
/// stays none.
std::string plain_json(std::string_view jsonc);

}  // namespace axon::config
