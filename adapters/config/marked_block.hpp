// A block of our own inside a text file that belongs to the user or to the image, such as an agent's instructions.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace axon::config {

inline constexpr std::string_view kBlockBegin = "<!-- axon:begin -->";
inline constexpr std::string_view kBlockEnd = "<!-- axon:end -->";

/// `existing` with the block holding `content`: in the place of the block that is there, else at the end. With empty
/// content the block is taken out. Everything outside of it stays byte for byte, and doing it again gives the same
/// bytes. InvalidInput, naming `path`, if only one of the two marks is there.
Result<std::string> with_block(std::string_view existing, std::string_view content, const std::string& path);

}  // namespace axon::config
