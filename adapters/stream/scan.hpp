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

}  // namespace axon::stream
