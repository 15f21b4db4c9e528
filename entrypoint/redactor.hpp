// Takes secrets out of a byte stream. A secret is also found JSON-escaped, base64- or percent-encoded and across the
// borders of chunks; of a chunk's end only what could be the beginning of a secret is held back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret.hpp"

namespace axon {

/// What stands in the place of a secret. Plain ASCII, so that JSON stays JSON.
inline constexpr std::string_view kRedacted = "[REDACTED]";

/// The forms of the secrets to look for, and a search for all of them at once (Wu and Manber, 1994). Values shorter
/// than contract::kMinRedactedBytes are left out. Immutable; shared by the redactors of stdout and stderr.
class SecretPatterns {
 public:
  explicit SecretPatterns(std::span<const Secret> secrets);

  struct Match {
    std::size_t begin = 0;
    std::size_t length = 0;  // 0: none
  };

  /// The leftmost match at or after `from`, the longest there.
  [[nodiscard]] Match find(std::string_view text, std::size_t from) const;

  /// Where the longest suffix of `text` begins that could be the beginning of a secret; text.size() if none does.
  [[nodiscard]] std::size_t possible_prefix(std::string_view text) const;

  /// True if this text, and more behind it, could be one secret.
  [[nodiscard]] bool could_grow(std::string_view text) const;

  [[nodiscard]] bool empty() const { return patterns_.empty(); }
  [[nodiscard]] std::size_t longest() const { return longest_; }

 private:
  void add(std::string pattern);
  void add_forms(std::string_view value);
  void build_tables();
  [[nodiscard]] std::size_t longest_match_at(std::string_view text, std::size_t begin, unsigned bucket) const;

  static constexpr std::size_t kBuckets = 8192;

  std::vector<std::string> patterns_;
  std::size_t shortest_ = 0;
  std::size_t longest_ = 0;
  std::array<std::uint8_t, kBuckets> shift_{};  // how far the window may move on, by its last two bytes
  std::vector<std::uint16_t> first_candidate_;  // of the patterns whose window ends so, by bucket
  std::vector<std::uint16_t> next_candidate_;   // after each pattern
  std::array<bool, 256> is_first_byte_{};
};

/// One stream. Bytes are read straight into the redactor's buffer and leave it as slices of the same buffer.
class Redactor {
 public:
  using Sink = std::function<void(std::string_view)>;

  Redactor(std::shared_ptr<const SecretPatterns> patterns, std::size_t chunk_size);

  /// Looks for these from the next commit() on; also in bytes that were read into space() already.
  void use(const std::shared_ptr<const SecretPatterns>& patterns);

  /// Where the next bytes are to be read to; at least chunk_size bytes.
  [[nodiscard]] std::span<char> space();

  /// `count` bytes were read into space(). The sink is given what can be said to be clean.
  void commit(std::size_t count, const Sink& sink);

  /// The stream is over: gives what was held back.
  void finish(const Sink& sink);

 private:
  void release(std::size_t end, const Sink& sink);

  std::shared_ptr<const SecretPatterns> patterns_;
  std::size_t chunk_size_;
  std::size_t size_;
  std::unique_ptr<char[]> buffer_;  // NOLINT(modernize-avoid-c-arrays): not cleared, so pages are touched when used
  std::size_t held_ = 0;
};

/// The whole text at once.
std::string redact(const SecretPatterns& patterns, std::string_view text);

}  // namespace axon
