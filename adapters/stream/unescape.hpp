// JSON string escapes, a byte at a time.
#pragma once

#include <array>
#include <string_view>

namespace axon::stream {

/// What each letter stands for after a backslash; NUL for "u" and what JSON does not know.
inline constexpr std::array<char, 256> kSimpleEscapes = [] {
  std::array<char, 256> table{};
  for (const char c : {'"', '\\', '/'}) table[static_cast<unsigned char>(c)] = c;
  table['n'] = '\n';
  table['t'] = '\t';
  table['r'] = '\r';
  table['b'] = '\b';
  table['f'] = '\f';
  return table;
}();

constexpr char simple_escape(char c) { return kSimpleEscapes[static_cast<unsigned char>(c)]; }

/// Decodes what follows a backslash. Half a surrogate pair and broken hexadecimal digits become U+FFFD, an escape that
/// JSON does not know stands for its character: agents are taken at their word rather than dropped.
class Unescape {
 public:
  struct Step {
    std::string_view bytes;  // to append, valid until the next call
    bool done = false;       // the escape is complete
    bool consumed = true;    // false: this byte is no part of it
  };

  /// The backslash was read.
  void start() { digits_ = -1; }

  Step feed(char c);

  /// What is owed before an ordinary character or the end of the string: U+FFFD for a lone high surrogate, or nothing.
  std::string_view flush() { return high_ == 0 ? std::string_view() : flush_half(); }

 private:
  std::string_view flush_half();
  Step finish_unicode();
  std::string_view encode(unsigned code_point, std::string_view before);

  int digits_ = -1;  // of \uXXXX read so far; -1: the letter after the backslash comes first
  unsigned code_ = 0;
  unsigned high_ = 0;  // a high surrogate that waits for its other half
  char out_[8] = {};
};

}  // namespace axon::stream
