// A block of our own inside a text file that belongs to the user or to the image, such as an agent's instructions.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace axon::config {

/// The lines around the block: comments in the file's language.
struct Marks {
  std::string_view begin;
  std::string_view end;
};
inline constexpr Marks kMarkdownMarks = {"<!-- axon:begin -->", "<!-- axon:end -->"};
inline constexpr Marks kTomlMarks = {"# axon:begin", "# axon:end"};

/// `existing` with the block holding `content`: in the place of the block that is there, else at the end. With empty
/// content the block is taken out. Everything outside of it stays byte for byte, and doing it again gives the same
/// bytes. InvalidInput, naming `path`, if only one of the two marks is there.
Result<std::string> with_block(std::string_view existing, std::string_view content, const std::string& path,
                               const Marks& marks = kMarkdownMarks);

}  // namespace axon::config
