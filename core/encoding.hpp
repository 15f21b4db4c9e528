// Encodings of bytes as text, and UTF-8.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace axon {

std::string to_base64(std::string_view bytes);

/// Empty if it is not base64 with its padding.
std::optional<std::string> from_base64(std::string_view text);

/// The longest prefix of at most `limit` bytes that does not end inside a UTF-8 character.
std::string_view utf8_prefix(std::string_view text, std::size_t limit);

/// The same text with each byte that is not UTF-8 replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

}  // namespace axon
