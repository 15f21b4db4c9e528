#include "entrypoint/workspace/object_stream.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>

#include "entrypoint/descriptor.hpp"
#include "entrypoint/workspace/git.hpp"
#include "entrypoint/write_all.hpp"

namespace axon {
namespace {

constexpr std::size_t kHashSize = 20;
constexpr std::uint64_t kFanout = 8;  // behind magic and version
constexpr std::uint64_t kNames = kFanout + 256 * 4;
constexpr unsigned kBlob = 3;

/// Big-endian; empty at the end of the file.
std::optional<std::uint64_t> number_at(int file, std::uint64_t at, std::size_t size) {
  std::array<unsigned char, 8> bytes{};
  if (pread(file, bytes.data(), size, static_cast<off_t>(at)) != static_cast<ssize_t>(size)) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8U | bytes[i];
  return value;
}

/// Where the pack of this index (version 2) has the object.
std::optional<std::uint64_t> find_offset(int index, const git_oid& oid) {
  if (number_at(index, 0, 8) != 0xff744f6300000002U) return std::nullopt;
  const std::uint64_t first = oid.id[0];
  const auto total = number_at(index, kFanout + 255 * 4, 4);
  auto low = first == 0 ? std::optional<std::uint64_t>(0) : number_at(index, kFanout + (first - 1) * 4, 4);
  auto high = number_at(index, kFanout + first * 4, 4);
  if (!total || !low || !high) return std::nullopt;
  while (*low < *high) {
    const std::uint64_t middle = (*low + *high) / 2;
    git_oid found{};
    if (pread(index, found.id, kHashSize, static_cast<off_t>(kNames + middle * kHashSize)) != kHashSize)
      return std::nullopt;
    const int order = git_oid_cmp(&oid, &found);
    if (order > 0) low = middle + 1;
    if (order < 0) high = middle;
    if (order != 0) continue;
    const std::uint64_t offsets = kNames + *total * (kHashSize + 4);  // behind the names and their checksums
    const auto offset = number_at(index, offsets + middle * 4, 4);
    if (!offset || (*offset & 0x80000000U) == 0) return offset;
    return number_at(index, offsets + *total * 4 + (*offset & 0x7fffffffU) * 8, 8);
  }
  return std::nullopt;
}

/// Puts `pack` at the compressed bytes of the object at this offset, if that is a whole blob of this size.
bool seek_blob(int pack, std::uint64_t offset, std::uint64_t size) {
  auto byte = number_at(pack, offset, 1);
  if (!byte || (*byte >> 4U & 7U) != kBlob) return false;
  std::uint64_t length = *byte & 15U;
  for (unsigned shift = 4; (*byte & 0x80U) != 0; shift += 7) {
    byte = number_at(pack, ++offset, 1);
    if (!byte || shift > 57) return false;
    length |= (*byte & 0x7fU) << shift;
  }
  return length == size && lseek(pack, static_cast<off_t>(offset + 1), SEEK_SET) >= 0;
}

struct Inflater {
  Inflater() { ready = inflateInit(&stream) == Z_OK; }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream stream{};
  bool ready = false;
};

/// From where `input` is to the end of its compressed bytes. `skip`: what precedes the content, up to a NUL.
Result<void> inflate_to(int input, int output, bool skip, std::uint64_t size) {
  Inflater inflater;
  std::array<unsigned char, 65536> compressed{};
  std::array<char, 65536> plain{};
  std::uint64_t written = 0;
  for (int state = inflater.ready ? Z_OK : Z_STREAM_ERROR; state != Z_STREAM_END;) {
    if (inflater.stream.avail_in == 0) {
      const ssize_t count = read(input, compressed.data(), compressed.size());
      if (count <= 0) return fail(Errc::Internal, "the object is cut off");
      inflater.stream.next_in = compressed.data();
      inflater.stream.avail_in = static_cast<unsigned>(count);
    }
    inflater.stream.next_out = reinterpret_cast<unsigned char*>(plain.data());
    inflater.stream.avail_out = plain.size();
    state = inflate(&inflater.stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END) return fail(Errc::Internal, "the object is damaged");
    std::string_view piece(plain.data(), plain.size() - inflater.stream.avail_out);
    if (skip) {
      const std::size_t end = piece.find('\0');
      if (end == std::string_view::npos) return fail(Errc::Internal, "the object has no header");
      piece.remove_prefix(end + 1);
      skip = false;
    }
    if (Result<void> done = write_all(output, piece, "it"); !done) return done;
    written += piece.size();
  }
  return written == size ? Result<void>() : fail(Errc::Internal, "the object has another size");
}

Descriptor find_in_packs(const std::string& directory, const std::string& oid, std::uint64_t size) {
  const git_oid wanted = git::oid_of(oid);
  std::error_code failed;
  for (std::filesystem::directory_iterator it(directory, failed), end; !failed && it != end; it.increment(failed)) {
    if (it->path().extension() != ".idx") continue;
    const Descriptor index(open(it->path().c_str(), O_RDONLY | O_CLOEXEC));
    const auto offset = index ? find_offset(index.get(), wanted) : std::nullopt;
    if (!offset) continue;
    Descriptor pack(open(std::filesystem::path(it->path()).replace_extension(".pack").c_str(), O_RDONLY | O_CLOEXEC));
    if (pack && seek_blob(pack.get(), *offset, size)) return pack;
  }
  return {};
}

}  // namespace

Result<bool> stream_blob(const std::string& objects, const std::string& oid, std::uint64_t size, int output) {
  const std::string loose = objects + "/" + oid.substr(0, 2) + "/" + oid.substr(2);
  Descriptor input(open(loose.c_str(), O_RDONLY | O_CLOEXEC));
  const bool is_loose = static_cast<bool>(input);
  if (!is_loose) input = find_in_packs(objects + "/pack", oid, size);
  if (!input) return false;
  if (Result<void> done = inflate_to(input.get(), output, is_loose, size); !done) return std::unexpected(done.error());
  return true;
}

}  // namespace axon
