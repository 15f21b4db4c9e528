// The search for the few bytes that matter inside a JSON string, 64 at a time where the machine has SSE2.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

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

}  // namespace axon::stream
