// Runes: UTF-8 as Go decodes it, and the classes that Go's quoting and its lexer ask for (Unicode 15, as in Go 1.21 and
// later).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace axon::templates {

constexpr char32_t kReplacement = 0xFFFD;

struct Rune {
  char32_t value = kReplacement;
  std::size_t size = 0;  // 1 with kReplacement: a byte that is not UTF-8
  bool is_broken() const { return size == 1 && value == kReplacement; }
};

/// The first rune of a text that is not empty.
Rune decode_rune(std::string_view text);

/// A surrogate or a number beyond Unicode is written as U+FFFD.
void append_rune(std::string& text, char32_t rune);

bool is_valid_rune(char32_t rune);

std::size_t count_runes(std::string_view text);

/// strconv.IsPrint.
bool is_printable(char32_t rune);

/// What a name in an action is made of: "_", letters and digits.
bool is_name_rune(char32_t rune);

/// True if it is empty or nothing but white space, Unicode's included.
bool is_blank(std::string_view text);

}  // namespace axon::templates
