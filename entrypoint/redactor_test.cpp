#include "entrypoint/redactor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "core/encoding.hpp"

namespace axon {
namespace {

const std::string kToken = "ghp_0123456789abcdef/+\"x";

std::shared_ptr<const SecretPatterns> patterns_of(const std::vector<std::string>& values) {
  std::vector<Secret> secrets;
  for (const std::string& value : values) secrets.emplace_back(value);
  return std::make_shared<SecretPatterns>(secrets);
}

std::string stream(const std::shared_ptr<const SecretPatterns>& patterns, std::string_view text,
                   const std::function<std::size_t()>& cut) {
  std::string out;
  const auto sink = [&](std::string_view clean) { out += clean; };
  Redactor redactor(patterns, 64);
  while (!text.empty()) {
    const std::span<char> space = redactor.space();
    const std::size_t n = std::min({cut(), text.size(), space.size()});
    std::ranges::copy(text.substr(0, n), space.begin());
    redactor.commit(n, sink);
    text.remove_prefix(n);
  }
  redactor.finish(sink);
  return out;
}

TEST(Redactor, TakesOutTheValueInEveryForm) {
  const auto patterns = patterns_of({kToken});
  const std::string json = nlohmann::json(kToken).dump();
  EXPECT_EQ(redact(*patterns, "a " + kToken + " b"), "a [REDACTED] b");
  EXPECT_EQ(redact(*patterns, json), "\"[REDACTED]\"");
  EXPECT_EQ(redact(*patterns, nlohmann::json(json).dump()), R"("\"[REDACTED]\"")");
  EXPECT_EQ(redact(*patterns, "ghp_0123456789abcdef%2F%2B%22x"), "[REDACTED]");
  for (const std::string before : {"", "u", "us", "x-access-token:"}) {
    const std::string encoded = redact(*patterns, to_base64(before + kToken + ":z"));
    EXPECT_TRUE(encoded.contains(kRedacted)) << before << " " << encoded;
  }
}

TEST(Redactor, LeavesShortValuesAndCleanTextAlone) {
  EXPECT_TRUE(patterns_of({"short", ""})->empty());
  const auto patterns = patterns_of({kToken});
  const std::string text(1000, 'g');
  EXPECT_EQ(redact(*patterns, text), text);
}

TEST(Redactor, PrefersTheLongestOfOverlappingSecrets) {
  EXPECT_EQ(redact(*patterns_of({"abcdefgh", "abcdefghijkl"}), "-abcdefghijkl-"), "-[REDACTED]-");
}

TEST(Redactor, FindsTheLinesOfALongKey) {
  const std::string key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nshort\n-----END KEY-----\n";
  EXPECT_EQ(redact(*patterns_of({key}), "x MIIEvQIBADANBgkqhkiG9w0BAQ y"), "x [REDACTED] y");
}

TEST(Redactor, HoldsBackOnlyWhatCouldBecomeASecret) {
  const auto patterns = patterns_of({"abcdefgh"});
  std::string out;
  const auto sink = [&](std::string_view clean) { out += clean; };
  Redactor redactor(patterns, 64);
  std::ranges::copy(std::string_view("12 abc"), redactor.space().begin());
  redactor.commit(6, sink);
  EXPECT_EQ(out, "12 ");
  std::ranges::copy(std::string_view("x"), redactor.space().begin());
  redactor.commit(1, sink);
  EXPECT_EQ(out, "12 abcx");
}

TEST(Redactor, GivesTheSameHoweverTheBytesAreCut) {
  const auto patterns = patterns_of({kToken, "aaaaaaaab", "secret-of-mcp-server", "secret-of"});
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): repeatable on purpose
  const std::vector<std::string> pieces = {
      kToken, "aaaaaaa", "a", "b", "secret-of", "-mcp-server", "\n", nlohmann::json(kToken).dump(), "ghp_0123"};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = 0; i < 30; ++i) text += pieces[random() % pieces.size()];
    const std::string whole = redact(*patterns, text);
    EXPECT_EQ(stream(patterns, text, [] { return std::size_t{1}; }), whole);
    EXPECT_EQ(stream(patterns, text, [&] { return std::size_t{1} + random() % 40; }), whole);
    EXPECT_FALSE(whole.contains(kToken));
  }
}

}  // namespace
}  // namespace axon
