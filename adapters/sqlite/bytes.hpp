// Numbers as SQLite's files have them.
#pragma once

#include <cstdint>
#include <string_view>

namespace axon::sqlite {

/// Big-endian, of up to 8 bytes. The caller has checked that they are there.
inline std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

inline std::uint32_t read_u16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint32_t>(big_endian(bytes.substr(at, 2)));
}

inline std::uint32_t read_u32(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint32_t>(big_endian(bytes.substr(at, 4)));
}

/// Takes a variable-length number of 1 to 9 bytes off the front; 0 from what is too short.
inline std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (int i = 0; i < 9 && !bytes.empty(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    if (i == 8) return number << 8 | byte;
    number = number << 7 | (byte & 0x7F);
    if (byte < 0x80) return number;
  }
  return 0;
}

}  // namespace axon::sqlite
