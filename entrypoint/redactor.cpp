#include "entrypoint/redactor.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/contract.hpp"

namespace axon {
namespace {

constexpr std::size_t kBlock = 2;  // bytes of the window's end that choose a bucket
constexpr std::uint16_t kNone = UINT16_MAX;

unsigned bucket_of(const char* end_block) {
  const auto a = static_cast<unsigned char>(end_block[0]);
  const auto b = static_cast<unsigned char>(end_block[1]);
  return (static_cast<unsigned>(a) << 5 ^ b) & 8191U;
}

}  // namespace

SecretPatterns::SecretPatterns(std::span<const Secret> secrets) {
  for (const Secret& secret : secrets) add_forms(secret.reveal());
  std::ranges::sort(patterns_);
  const auto repeated = std::ranges::unique(patterns_);
  patterns_.erase(repeated.begin(), repeated.end());
  build_tables();
}

void SecretPatterns::build_tables() {
  if (patterns_.empty()) return;
  const auto by_size = [](const std::string& a, const std::string& b) { return a.size() < b.size(); };
  shortest_ = std::ranges::min_element(patterns_, by_size)->size();
  longest_ = std::ranges::max_element(patterns_, by_size)->size();
  first_candidate_.assign(kBuckets, kNone);
  next_candidate_.assign(patterns_.size(), kNone);
  const std::size_t farthest = std::min<std::size_t>(shortest_ - kBlock + 1, 255);
  shift_.fill(static_cast<std::uint8_t>(farthest));
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    const std::string& pattern = patterns_[i];
    is_first_byte_[static_cast<unsigned char>(pattern[0])] = true;
    for (std::size_t at = 0; at + kBlock <= shortest_; ++at) {
      const unsigned bucket = bucket_of(pattern.data() + at);
      const std::size_t to_end = std::min(shortest_ - kBlock - at, farthest);
      shift_[bucket] = std::min(shift_[bucket], static_cast<std::uint8_t>(to_end));
    }
    std::uint16_t& first = first_candidate_[bucket_of(pattern.data() + shortest_ - kBlock)];
    next_candidate_[i] = std::exchange(first, static_cast<std::uint16_t>(i));
  }
}

std::size_t SecretPatterns::longest_match_at(std::string_view text, std::size_t begin, unsigned bucket) const {
  std::size_t longest = 0;
  const std::string_view rest = text.substr(begin);
  for (std::uint16_t i = first_candidate_[bucket]; i != kNone; i = next_candidate_[i]) {
    if (patterns_[i].size() > longest && rest.starts_with(patterns_[i])) longest = patterns_[i].size();
  }
  return longest;
}

SecretPatterns::Match SecretPatterns::find(std::string_view text, std::size_t from) const {
  if (patterns_.empty()) return {};
  const char* data = text.data();
  std::size_t end = from + shortest_;  // of the window
  while (end <= text.size()) {
    const unsigned bucket = bucket_of(data + end - kBlock);
    if (const std::uint8_t step = shift_[bucket]; step != 0) {
      end += step;
      continue;
    }
    const std::size_t begin = end - shortest_;
    if (const std::size_t length = longest_match_at(text, begin, bucket); length != 0) return {begin, length};
    ++end;
  }
  return {};
}

bool SecretPatterns::could_grow(std::string_view text) const {
  if (text.empty() || !is_first_byte_[static_cast<unsigned char>(text[0])]) return false;
  // Patterns are sorted: those that begin with the text, if any, start at its lower bound.
  const auto view = [](const std::string& pattern) { return std::string_view(pattern); };
  for (auto it = std::ranges::lower_bound(patterns_, text, {}, view); it != patterns_.end(); ++it) {
    if (!it->starts_with(text)) return false;
    if (it->size() > text.size()) return true;
  }
  return false;
}

std::size_t SecretPatterns::possible_prefix(std::string_view text) const {
  const std::size_t reach = longest_ == 0 ? 0 : longest_ - 1;
  std::size_t at = text.size() > reach ? text.size() - reach : 0;
  while (at < text.size() && !could_grow(text.substr(at))) ++at;
  return at;
}

Redactor::Redactor(std::shared_ptr<const SecretPatterns> patterns, std::size_t chunk_size)
    : patterns_(std::move(patterns)),
      chunk_size_(chunk_size),
      size_(chunk_size + patterns_->longest()),
      buffer_(std::make_unique_for_overwrite<char[]>(size_)) {}  // NOLINT(modernize-avoid-c-arrays)

void Redactor::use(const std::shared_ptr<const SecretPatterns>& patterns) {
  if (patterns == patterns_) return;
  patterns_ = patterns;
  const std::size_t wanted = chunk_size_ + patterns_->longest();
  if (wanted <= size_) return;
  // What was read but not committed yet lies behind what is held: all of it moves.
  auto larger = std::make_unique_for_overwrite<char[]>(wanted);  // NOLINT(modernize-avoid-c-arrays)
  std::memcpy(larger.get(), buffer_.get(), size_);
  buffer_ = std::move(larger);
  size_ = wanted;
}

std::span<char> Redactor::space() { return std::span(buffer_.get(), size_).subspan(held_); }

void Redactor::commit(std::size_t count, const Sink& sink) { release(held_ + count, sink); }

void Redactor::finish(const Sink& sink) {
  if (held_ != 0) sink(redact(*patterns_, std::string_view(buffer_.get(), held_)));
  held_ = 0;
}

void Redactor::release(std::size_t end, const Sink& sink) {
  const std::string_view text(buffer_.get(), end);
  std::size_t done = 0;
  while (true) {
    const SecretPatterns::Match match = patterns_->find(text, done);
    // A longer secret may have begun here or before, with this one as a part of it: the next bytes tell.
    if (match.length == 0 || match.begin >= done + patterns_->possible_prefix(text.substr(done))) break;
    if (match.begin > done) sink(text.substr(done, match.begin - done));
    sink(kRedacted);
    done = match.begin + match.length;
  }
  const std::size_t safe_end = done + patterns_->possible_prefix(text.substr(done));
  if (safe_end > done) sink(text.substr(done, safe_end - done));
  held_ = end - safe_end;
  if (held_ != 0) std::memmove(buffer_.get(), buffer_.get() + safe_end, held_);
}

std::string redact(const SecretPatterns& patterns, std::string_view text) {
  std::string out;
  std::size_t done = 0;
  while (true) {
    const SecretPatterns::Match match = patterns.find(text, done);
    if (match.length == 0) break;
    out += text.substr(done, match.begin - done);
    out += kRedacted;
    done = match.begin + match.length;
  }
  out += text.substr(done);
  return out;
}

}  // namespace axon
