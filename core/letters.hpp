// The case of ASCII letters, whatever the locale; other bytes stay as they are.
#pragma once

#include <string>
#include <string_view>

namespace axon {

std::string lower_case(std::string_view text);
std::string upper_case(std::string_view text);

}  // namespace axon
