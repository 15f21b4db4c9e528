// The case of ASCII letters, whatever the locale; other bytes stay as they are. And the blanks around a text.
#pragma once

#include <string>
#include <string_view>

namespace axon {

std::string lower_case(std::string_view text);
std::string upper_case(std::string_view text);

/// The text without what stands of `blanks` at its two ends: a part of `text`.
std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n");

}  // namespace axon
