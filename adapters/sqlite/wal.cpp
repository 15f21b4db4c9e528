#include "adapters/sqlite/wal.hpp"

#include <algorithm>

#include "adapters/sqlite/bytes.hpp"

namespace axon::sqlite {
namespace {

constexpr std::size_t kHeaderSize = 32;
constexpr std::size_t kFrameHeaderSize = 24;
constexpr std::uint32_t kMagic = 0x377F0682;  // with its lowest bit: the words of the checksum are big-endian

/// Collects one header or frame after the other.
class Reader {
 public:
  void feed(std::string_view bytes) {
    while (!bytes.empty() && !over_) {
      const std::size_t wanted = wal_.page_size == 0 ? kHeaderSize : kFrameHeaderSize + wal_.page_size;
      const std::size_t taken = std::min(bytes.size(), wanted - piece_.size());
      piece_ += bytes.substr(0, taken);
      bytes.remove_prefix(taken);
      if (piece_.size() < wanted) return;
      over_ = wal_.page_size == 0 ? !read_header() : !read_frame();
      position_ += wanted;
      piece_.clear();
    }
  }

  Wal take() && { return std::move(wal_); }

 private:
  bool read_header() {
    const std::uint32_t magic = read_u32(piece_, 0);
    const std::uint32_t page_size = read_u32(piece_, 8);
    if ((magic & ~1U) != kMagic || page_size < 512 || page_size > 65536) return false;
    big_endian_words_ = (magic & 1U) != 0;
    salt_ = piece_.substr(16, 8);
    add_to_checksum(std::string_view(piece_).substr(0, 24));
    if (!checksum_is(std::string_view(piece_).substr(24, 8))) return false;
    wal_.page_size = page_size;
    return true;
  }

  bool read_frame() {
    const std::string_view frame = piece_;
    if (frame.substr(8, 8) != salt_) return false;
    add_to_checksum(frame.substr(0, 8));
    add_to_checksum(frame.substr(kFrameHeaderSize));
    if (!checksum_is(frame.substr(16, 8))) return false;
    pending_[read_u32(frame, 0)] = position_ + kFrameHeaderSize;
    if (read_u32(frame, 4) == 0) return true;
    for (const auto& [page, at] : pending_) wal_.offset[page] = at;  // this frame commits
    pending_.clear();
    return true;
  }

  void add_to_checksum(std::string_view bytes) {
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      first_ += word(bytes, at) + second_;
      second_ += word(bytes, at + 4) + first_;
    }
  }

  [[nodiscard]] bool checksum_is(std::string_view stored) const {
    return read_u32(stored, 0) == first_ && read_u32(stored, 4) == second_;
  }

  [[nodiscard]] std::uint32_t word(std::string_view bytes, std::size_t at) const {
    const std::uint32_t value = read_u32(bytes, at);
    return big_endian_words_ ? value : __builtin_bswap32(value);
  }

  Wal wal_;
  std::string piece_;
  std::string salt_;
  std::unordered_map<std::uint32_t, std::uint64_t> pending_;
  std::uint64_t position_ = 0;
  std::uint32_t first_ = 0;
  std::uint32_t second_ = 0;
  bool big_endian_words_ = false;
  bool over_ = false;
};

}  // namespace

Wal read_wal(const FileView& files, const std::string& path) {
  Reader reader;
  if (!files.read_chunks(path, [&](std::string_view bytes) { reader.feed(bytes); })) return {};
  return std::move(reader).take();
}

}  // namespace axon::sqlite
