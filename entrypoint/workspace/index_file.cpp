#include "entrypoint/workspace/index_file.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace axon {
namespace {

constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t kStateSize = 40;  // ctime, mtime, device, inode, mode, user, group, size

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// One entry after the other; `at` is where the next begins.
class Reader {
 public:
  Reader(std::string_view bytes, std::size_t hash_size)
      : bytes_(bytes), hash_size_(hash_size), version_(number_at(bytes, 4, 4)) {}

  /// False if the bytes are cut off.
  bool next(IndexEntry& entry) {
    const std::size_t begin = at_;
    std::size_t name = begin + kStateSize + hash_size_ + 2;
    if (name + 2 > bytes_.size()) return false;
    const std::uint32_t flags = number_at(bytes_, name - 2, 2);
    entry.offset = begin;
    entry.mtime = number_at(bytes_, begin + 8, 4);
    entry.mode = number_at(bytes_, begin + 24, 4);
    entry.size = number_at(bytes_, begin + 36, 4);
    entry.stage = static_cast<int>(flags >> 12U & 3U);
    const bool extended = version_ >= 3 && (flags & 0x4000U) != 0;
    entry.skipped = extended && (number_at(bytes_, name, 2) & 0x4000U) != 0;
    if (extended) name += 2;
    return version_ == 4 ? read_compressed(entry, name) : read_padded(entry, begin, name);
  }

 private:
  bool read_padded(IndexEntry& entry, std::size_t begin, std::size_t name) {
    const std::size_t end = bytes_.find('\0', name);
    if (end == std::string_view::npos) return false;
    entry.path = bytes_.substr(name, end - name);
    at_ = begin + (end - begin) / 8 * 8 + 8;
    return true;
  }

  /// Version 4: how much of the previous path is dropped, then what follows instead.
  bool read_compressed(IndexEntry& entry, std::size_t name) {
    std::size_t dropped = 0;
    for (;; ++name) {
      if (name >= bytes_.size()) return false;
      const auto byte = static_cast<unsigned char>(bytes_[name]);
      dropped = dropped << 7U | (byte & 0x7fU);
      if ((byte & 0x80U) == 0) break;
      ++dropped;
    }
    const std::size_t end = bytes_.find('\0', ++name);
    if (end == std::string_view::npos || dropped > previous_.size()) return false;
    previous_.resize(previous_.size() - dropped);
    previous_ += bytes_.substr(name, end - name);
    entry.path = previous_;
    at_ = end + 1;
    return true;
  }

  std::string_view bytes_;
  std::size_t hash_size_;
  std::uint32_t version_;
  std::size_t at_ = kHeaderSize;
  std::string previous_;
};

}  // namespace

Result<std::vector<IndexEntry>> read_index(std::string_view bytes, std::size_t hash_size) {
  if (bytes.size() < kHeaderSize + hash_size || !bytes.starts_with("DIRC")) {
    return fail(Errc::InvalidInput, "the index is no git index");
  }
  const std::uint32_t version = number_at(bytes, 4, 4);
  if (version < 2 || version > 4) {
    return fail(Errc::InvalidInput, "the index has version " + std::to_string(version) + "; 2 to 4 are known");
  }
  Reader reader(bytes.substr(0, bytes.size() - hash_size), hash_size);
  std::vector<IndexEntry> entries;
  for (std::uint32_t left = number_at(bytes, 8, 4); left > 0; --left) {
    if (!reader.next(entries.emplace_back())) return fail(Errc::InvalidInput, "the index is cut off");
  }
  return entries;
}

void set_state(std::string& bytes, const IndexEntry& entry, const struct stat& now) {
  const std::array<std::uint64_t, 10> fields = {static_cast<std::uint64_t>(now.st_ctim.tv_sec),
                                                static_cast<std::uint64_t>(now.st_ctim.tv_nsec),
                                                static_cast<std::uint64_t>(now.st_mtim.tv_sec),
                                                static_cast<std::uint64_t>(now.st_mtim.tv_nsec),
                                                now.st_dev,
                                                now.st_ino,
                                                entry.mode,
                                                now.st_uid,
                                                now.st_gid,
                                                static_cast<std::uint64_t>(now.st_size)};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    for (std::size_t byte = 0; byte < 4; ++byte) {
      bytes[entry.offset + i * 4 + byte] = static_cast<char>(fields[i] >> (24 - 8 * byte));
    }
  }
}

Result<void> seal_index(std::string& bytes, std::size_t hash_size) {
  const std::size_t end = bytes.size() - hash_size;
  // index.skipHash leaves zeros there, and so must this.
  if (std::ranges::all_of(bytes.substr(end), [](char c) { return c == '\0'; })) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const EVP_MD* algorithm = hash_size == 32 ? EVP_sha256() : EVP_sha1();
  if (EVP_Digest(bytes.data(), end, digest.data(), &size, algorithm, nullptr) != 1 || size != hash_size) {
    return fail(Errc::Internal, "the index's checksum cannot be computed");
  }
  std::ranges::copy(digest.begin(), digest.begin() + size, bytes.begin() + static_cast<std::ptrdiff_t>(end));
  return {};
}

}  // namespace axon
