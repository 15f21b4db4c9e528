// The search for the few bytes that matter inside a JSON string, 64 at a time where the machine has SSE2.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "adapters/stream/unescape.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace axon::stream {

/// A byte that ends a run of ordinary characters in a string: quote, backslash, or the newline that ends a cut line.
constexpr bool is_string_stop(char c) { return c == '"' || c == '\\' || c == '\n'; }

#if defined(__SSE2__)

inline __m128i string_stops(const char* at) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  return _mm_or_si128(
      _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))),
      _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
}

inline unsigned stop_bits(__m128i stops) { return static_cast<unsigned>(_mm_movemask_epi8(stops)); }

/// The first string stop in [at, end), or end.
inline const char* find_string_stop(const char* at, const char* end) {
  while (end - at >= 64) {
    const __m128i a = string_stops(at);
    if (const unsigned bits = stop_bits(a)) return at + std::countr_zero(bits);
    const __m128i b = string_stops(at + 16);
    const __m128i c = string_stops(at + 32);
    const __m128i d = string_stops(at + 48);
    if (stop_bits(_mm_or_si128(_mm_or_si128(b, c), d)) != 0) {
      if (const unsigned bits = stop_bits(b)) return at + 16 + std::countr_zero(bits);
      if (const unsigned bits = stop_bits(c)) return at + 32 + std::countr_zero(bits);
      return at + 48 + std::countr_zero(stop_bits(d));
    }
    at += 64;
  }
  for (; end - at >= 16; at += 16) {
    if (const unsigned bits = stop_bits(string_stops(at))) return at + std::countr_zero(bits);
  }
  while (at != end && !is_string_stop(*at)) ++at;
  return at;
}

/// One bit for each of 64 bytes that equals `c`.
inline std::uint64_t equal_bits(const __m128i (&blocks)[4], char c) {
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < 4; ++i) {
    bits |= std::uint64_t{stop_bits(_mm_cmpeq_epi8(blocks[i], _mm_set1_epi8(c)))} << (16 * i);
  }
  return bits;
}

/// The bits of the bytes that a backslash escapes. `first_escaped`: the byte before the block escapes its first one; on
/// return, whether its last byte escapes the one behind it.
inline std::uint64_t escaped_bits(std::uint64_t backslashes, bool& first_escaped) {
  std::uint64_t escaped = first_escaped ? 1 : 0;
  first_escaped = false;
  for (std::uint64_t rest = backslashes & ~escaped; rest != 0;) {
    const std::uint64_t backslash = rest & (~rest + 1);
    const std::uint64_t next = backslash << 1;
    first_escaped = next == 0;
    escaped |= next;
    rest &= ~(backslash | next);
  }
  return escaped;
}

#else

inline const char* find_string_stop(const char* at, const char* end) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  const auto has = [](std::uint64_t word, char c) {
    const std::uint64_t x = word ^ (kOnes * static_cast<unsigned char>(c));
    return (x - kOnes) & ~x & kHigh;
  };
  for (; end - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    if ((has(word, '"') | has(word, '\\') | has(word, '\n')) != 0) break;
  }
  while (at != end && !is_string_stop(*at)) ++at;
  return at;
}

#endif

/// Where a skip through nested containers stands.
struct Nesting {
  std::uint64_t depth = 0;
  bool in_string = false;
  bool escaped = false;  // the next byte is
};

#if defined(__SSE2__)

/// Each bit is the parity of the bits up to it: from the quotes of a block, what lies inside of strings.
inline std::uint64_t parity_up_to(std::uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

/// Walks one block's brackets. The offset behind the one that closes the outermost container, or 0.
inline unsigned close_in_block(std::uint64_t opens, std::uint64_t closes, std::uint64_t& depth) {
  if (static_cast<std::uint64_t>(std::popcount(closes)) < depth) {
    depth += static_cast<std::uint64_t>(std::popcount(opens)) - static_cast<std::uint64_t>(std::popcount(closes));
    return 0;
  }
  for (std::uint64_t rest = opens | closes; rest != 0; rest &= rest - 1) {
    const bool is_open = (opens & rest & (~rest + 1)) != 0;
    depth = is_open ? depth + 1 : depth - 1;
    if (depth == 0) return static_cast<unsigned>(std::countr_zero(rest)) + 1;
  }
  return 0;
}

#endif

/// Skips whole blocks of 64 bytes: to behind the bracket that closes the outermost container (depth is 0 then), to the
/// block with the line end, or to the last bytes, which are left to the caller.
inline const char* skip_blocks(const char* at, const char* end, Nesting& nesting) {
#if defined(__SSE2__)
  for (; end - at >= 64; at += 64) {
    const auto* from = reinterpret_cast<const __m128i*>(at);
    const __m128i blocks[4] = {_mm_loadu_si128(from), _mm_loadu_si128(from + 1), _mm_loadu_si128(from + 2),
                               _mm_loadu_si128(from + 3)};
    if (equal_bits(blocks, '\n') != 0) return at;
    bool escaped = nesting.escaped;
    const std::uint64_t backslashes = equal_bits(blocks, '\\');
    const std::uint64_t quotes = equal_bits(blocks, '"') & ~escaped_bits(backslashes, escaped);
    if (nesting.in_string && quotes == 0) {
      nesting.escaped = escaped;
      continue;
    }
    const std::uint64_t outside = nesting.in_string ? parity_up_to(quotes) : ~parity_up_to(quotes);
    // Outside of strings a backslash escapes nothing: such a line, which is no JSON, is left to the caller too.
    if ((backslashes & outside) != 0) return at;
    nesting.escaped = escaped;
    // '[' and ']' differ from '{' and '}' by this bit.
    const __m128i bit = _mm_set1_epi8(0x20);
    const __m128i folded[4] = {_mm_or_si128(blocks[0], bit), _mm_or_si128(blocks[1], bit), _mm_or_si128(blocks[2], bit),
                               _mm_or_si128(blocks[3], bit)};
    const std::uint64_t opens = equal_bits(folded, '{') & outside;
    const std::uint64_t closes = equal_bits(folded, '}') & outside;
    if (const unsigned behind = close_in_block(opens, closes, nesting.depth); behind != 0) {
      nesting.in_string = nesting.escaped = false;
      return at + behind;
    }
    nesting.in_string = (outside >> 63) == 0;
  }
#endif
  return at;
}

/// The quote that ends a string, or the newline that cuts it, in [at, end); or end. `escaped` says whether the first
/// byte is escaped and, where end is returned, whether the byte there will be. Text full of escapes costs little more
/// than plain.
inline const char* find_string_end(const char* at, const char* end, bool& escaped) {
#if defined(__SSE2__)
  for (; end - at >= 64; at += 64) {
    const auto* from = reinterpret_cast<const __m128i*>(at);
    const __m128i blocks[4] = {_mm_loadu_si128(from), _mm_loadu_si128(from + 1), _mm_loadu_si128(from + 2),
                               _mm_loadu_si128(from + 3)};
    const std::uint64_t no_quote = escaped_bits(equal_bits(blocks, '\\'), escaped);
    const std::uint64_t ends = (equal_bits(blocks, '"') & ~no_quote) | equal_bits(blocks, '\n');
    if (ends != 0) return at + std::countr_zero(ends);
  }
#endif
  while (true) {
    if (escaped && at != end && *at != '\n') {
      ++at;
      escaped = false;
    }
    at = find_string_stop(at, end);
    if (at == end || *at != '\\') return at;
    ++at;
    escaped = true;
  }
}

/// Copies a string's ordinary characters and what its simple escapes stand for, as long as there are 18 bytes left in
/// [at, end) and 16 in `to`; moves both on. Where it stops is for the caller to see. A quick way only: without SSE2 it
/// copies nothing.
inline void copy_unescaped(const char*& at, const char* end, char*& to, const char* to_end) {
#if defined(__SSE2__)
  while (end - at >= 18 && to_end - to >= 16) {
    const unsigned bits = stop_bits(string_stops(at));
    std::memcpy(to, at, 16);
    const int ordinary = bits == 0 ? 16 : std::countr_zero(bits);
    at += ordinary;
    to += ordinary;
    if (bits == 0) continue;
    const char c = *at == '\\' ? simple_escape(at[1]) : '\0';
    if (c == '\0') return;
    *to++ = c;
    at += 2;
  }
#endif
}

}  // namespace axon::stream
