#include "adapters/stream/json_lines.hpp"

#include <gtest/gtest.h>

#include <random>

namespace axon::stream {
namespace {

const std::vector<PathSpec> kSpecs = {
    {"type"}, {"m.content[].text"}, {"m.content[]"}, {"usage.*.in"}, {"args", true}, {"n"}, {"a[][]"}, {"text"}};

/// One text a line: "path[index]{key}:KIND=text", cut values marked by "…".
std::string show(const Record& record) {
  if (!record.is_object) return "plain:" + std::string(record.line) + (record.truncated ? "…" : "");
  static constexpr std::string_view kKinds = "_ftnsoa";
  std::string text;
  for (const Value& value : record.values) {
    text += (text.empty() ? "" : " ") + kSpecs[static_cast<std::size_t>(value.path)].path;
    if (value.index != 0) text += "@" + std::to_string(value.index);
    if (!value.key.empty()) text += "{" + std::string(value.key) + "}";
    text += ":";
    text += kKinds[static_cast<std::size_t>(value.kind)];
    text += "=" + std::string(value.text) + (value.truncated ? "…" : "");
  }
  return text;
}

std::shared_ptr<const JsonPaths> paths() {
  return std::make_shared<const JsonPaths>(JsonPaths::compile(kSpecs).value());
}

std::vector<std::string> read(std::string_view stream, const std::function<std::size_t()>& next_size,
                              const Limits& limits = {}) {
  std::vector<std::string> records;
  const RecordSink sink = [&](const Record& record) { records.push_back(show(record)); };
  JsonLines lines(paths(), limits);
  while (!stream.empty()) {
    const std::string piece(stream.substr(0, next_size()));
    stream.remove_prefix(piece.size());
    lines.feed(piece, sink);
  }
  lines.finish(sink);
  return records;
}

std::vector<std::string> read(std::string_view stream, const Limits& limits = {}) {
  std::vector<std::string> whole = read(stream, [&] { return stream.size(); }, limits);
  EXPECT_EQ(read(stream, [] { return std::size_t{1}; }, limits), whole) << stream;
  return whole;
}

std::string one(std::string_view line, const Limits& limits = {}) {
  const std::vector<std::string> records = read(line, limits);
  EXPECT_EQ(records.size(), 1U) << line;
  return records.empty() ? "" : records.front();
}

TEST(JsonLines, GivesTheValuesOfInterestInTheirOrder) {
  EXPECT_EQ(one(R"({"x":[1,{"type":"no"}],"n":-1.5e3,"type":"t","m":{"content":[{"text":"a"},{"b":1,"text":"c"}]}})"),
            "n:n=-1.5e3 type:s=t m.content[]:o= m.content[].text:s=a m.content[]@1:o= m.content[].text@1:s=c");
}

TEST(JsonLines, TellsKindsAndKeys) {
  EXPECT_EQ(one(R"({"n":true,"type":false,"text":null,"usage":{"m1":{"in":1},"m2":{"in":2,"out":3}},"a":[[1],[2,3]]})"),
            "n:t= type:f= text:_= usage.*.in{m1}:n=1 usage.*.in{m2}:n=2 a[][]:n=1 a[][]:n=2 a[][]@1:n=3");
}

TEST(JsonLines, TakesSubtreesAsTheyAreWritten) {
  EXPECT_EQ(one(R"({"args":{"a" : [1,"}\"]"],"b":{}},"type":"t"})"), R"(args:o={"a" : [1,"}\"]"],"b":{}} type:s=t)");
  EXPECT_EQ(one(R"({"args":"ls \"x\""})"), "args:s=ls \"x\"");
}

TEST(JsonLines, DecodesEscapes) {
  EXPECT_EQ(one(R"({"text":"\"\\\/\b\f\n\r\t\u00e9\u20ac\ud83d\ude00"})"), "text:s=\"\\/\b\f\n\r\té€😀");
  EXPECT_EQ(one(R"({"text":"a\u0000b"})"), std::string("text:s=a\0b", 10));
  EXPECT_EQ(one(R"({"text":"\ud83dx\ud83d\n\ude00\ud83d"})"), "text:s=\uFFFDx\uFFFD\n\uFFFD\uFFFD");
  EXPECT_EQ(one(R"({"text":"\u12x\q"})"), "text:s=\uFFFDxq");
  EXPECT_EQ(one(R"({"\u0074ype":"escaped key"})"), "type:s=escaped key");
}

TEST(JsonLines, PassesInvalidUtf8Through) {
  EXPECT_EQ(one("{\"text\":\"\xFF\xC3\"}"), "text:s=\xFF\xC3");
  EXPECT_EQ(one("\xFF plain"), "plain:\xFF plain");
}

TEST(JsonLines, GivesOtherLinesAsTheyAre) {
  const std::string stream =
      "hello\n\n[1]\n{\"type\":\"t\"} x\n{\"type\":\n{\"type\" \"t\"}\n{a}\n{\"n\":tru}\r\n{}\n\"s\"";
  EXPECT_EQ(read(stream), (std::vector<std::string>{"plain:hello", "plain:", "plain:[1]", "plain:{\"type\":\"t\"} x",
                                                    "plain:{\"type\":", "plain:{\"type\" \"t\"}", "plain:{a}",
                                                    "plain:{\"n\":tru}", "", "plain:\"s\""}));
}

TEST(JsonLines, AStringThatIsCutByTheLineEndSpoilsOnlyItsLine) {
  EXPECT_EQ(read("{\"text\":\"ab\n{\"x\":\"ab\\\n{\"args\":[\"\n{\"ty\n{\"n\":1}\n"),
            (std::vector<std::string>{"plain:{\"text\":\"ab", "plain:{\"x\":\"ab\\", "plain:{\"args\":[\"",
                                      "plain:{\"ty", "n:n=1"}));
}

TEST(JsonLines, TakesWhiteSpaceAndBothLineEnds) {
  EXPECT_EQ(read(" {\t\"n\" : 1 , \"type\" : \"t\" } \r\n{\"n\":2}\r\nplain\r\n"),
            (std::vector<std::string>{"n:n=1 type:s=t", "n:n=2", "plain:plain"}));
}

TEST(JsonLines, GivesDuplicateKeysTwice) {
  EXPECT_EQ(one(R"({"n":1,"n":2})"), "n:n=1 n:n=2");
  JsonLines lines(paths());
  lines.feed("{\"n\":1,\"n\":2}\n", [](const Record& record) { EXPECT_EQ(record.integer(5), 2); });
}

TEST(JsonLines, NestingOfAnyDepthCostsNothing) {
  const std::string open(100'000, '[');
  const std::string close(100'000, ']');
  EXPECT_EQ(one("{\"x\":" + open + close + ",\"a\":" + open + close + ",\"type\":\"t\"}"), "a[][]:a= type:s=t");
}

TEST(JsonLines, CutsLongValuesBetweenCharacters) {
  const Limits limits{.value = 10, .total = 25, .short_value = 4, .plain = 6, .values = 100};
  EXPECT_EQ(one(R"({"text":"123456789é","type":"t"})", limits), "text:s=123456789… type:s=t");
  EXPECT_EQ(one(R"({"text":"12345678é","type":"t"})", limits), "text:s=12345678é type:s=t");
  EXPECT_EQ(one(R"({"text":"123456789\u00e9"})", limits), "text:s=123456789…");
  EXPECT_EQ(one("12345é7", limits), "plain:12345…");
  EXPECT_EQ(one("12345\r\n", limits), "plain:12345");
  EXPECT_EQ(one("123456", limits), "plain:123456");
}

TEST(JsonLines, LeavesRoomForAShortValueAfterLongOnes) {
  const Limits limits{.value = 10, .total = 15, .short_value = 4, .plain = 6, .values = 100};
  EXPECT_EQ(one(R"({"text":"0123456789","text":"0123456789","text":"0123456789","type":"last"})", limits),
            "text:s=0123456789 text:s=01234… text:s=0123… type:s=last");
}

TEST(JsonLines, LeavesRoomForALateTypeAfterManyElements) {
  std::string line = "{\"a\":[[";
  for (int i = 0; i < 100'000; ++i) line += "1,";
  const std::vector<std::string> records = read(line + "1]],\"type\":\"late\"}", [] { return std::size_t{4096}; });
  ASSERT_EQ(records.size(), 1U);
  EXPECT_TRUE(records.front().ends_with(" type:s=late"));
  EXPECT_LT(records.front().size(), 512U * 16U);
}

TEST(JsonLines, KeepsNothingOfALongLineButItsValues) {
  std::vector<std::string> records;
  const RecordSink sink = [&](const Record& record) { records.push_back(show(record)); };
  JsonLines lines(paths());
  const std::string piece(1 << 20, 'x');
  lines.feed("{\"x\":\"", sink);
  for (int i = 0; i < 100; ++i) lines.feed(piece, sink);
  lines.feed("\",\"type\":\"t\"}\n", sink);
  EXPECT_EQ(records, std::vector<std::string>{"type:s=t"});
}

/// JSON-like text: valid lines mixed with broken ones.
std::string random_stream(std::mt19937& random) {
  static constexpr std::string_view kPieces[] = {"{",
                                                 "}",
                                                 "[",
                                                 "]",
                                                 ":",
                                                 ",",
                                                 "\"type\"",
                                                 "\"text\":\"",
                                                 "\"",
                                                 "\\",
                                                 "\\u00e9",
                                                 "\\ud83d",
                                                 "\\n",
                                                 "\n",
                                                 "\r\n",
                                                 " ",
                                                 "true",
                                                 "null",
                                                 "12",
                                                 "{\"type\":\"",
                                                 "é",
                                                 "\xFF",
                                                 "x",
                                                 "{\"args\":[",
                                                 "\"a\":[[1,",
                                                 "\"m\":{\"content\":[{",
                                                 "\"usage\":{\"k\":{\"in\":7}}",
                                                 "{\"type\":\"t\"}\n",
                                                 "\"\\\"\"",
                                                 "0123456789abcdef0123456789"};
  std::string text;
  const std::size_t count = random() % 60;
  for (std::size_t i = 0; i < count; ++i) text += kPieces[random() % std::size(kPieces)];
  return text;
}

TEST(JsonLines, GivesTheSameRecordsHoweverTheBytesAreCut) {
  std::mt19937 random(7);
  const Limits small{.value = 8, .total = 20, .short_value = 3, .plain = 9, .values = 70};
  for (int i = 0; i < 3000; ++i) {
    const std::string stream = random_stream(random);
    for (const Limits& limits : {Limits(), small}) {
      const std::vector<std::string> whole = read(stream, limits);
      EXPECT_EQ(read(stream, [&] { return 1 + random() % 12; }, limits), whole) << stream;
    }
  }
}

}  // namespace
}  // namespace axon::stream
