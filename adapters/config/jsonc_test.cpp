#include "adapters/config/jsonc.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace axon::config {
namespace {

using nlohmann::json;

TEST(Jsonc, CommentsAndTrailingCommasGo) {
  EXPECT_EQ(
      json::parse(plain_json("\xEF\xBB\xBF{ // one\n \"a\": [1, 2, /* , */ ], /* \" */ \"b\": {\"c\": 1,},\n}// end")),
      json({{"a", {1, 2}}, {"b", {{"c", 1}}}}));
}

TEST(Jsonc, WhatOnlyLooksLikeACommentInAStringStays) {
  const std::string text = R"({"url": "http://x/*y*/", "quote": "\" // ,]", "end": "\\"})";
  EXPECT_EQ(plain_json(text), text);
}

TEST(Jsonc, WhatIsNoJsonIsNotMadeOne) {
  for (const char* text : {"{", "\"abc", "\"abc\\", "/* {}", "[1,,2]", "{,a}", "//"}) {
    EXPECT_FALSE(json::accept(plain_json(text))) << text;
  }
}

}  // namespace
}  // namespace axon::config
