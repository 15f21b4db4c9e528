#include "adapters/gemini/instructions.hpp"

#include <gtest/gtest.h>

namespace axon::gemini {
namespace {

TEST(GeminiInstructions, WordsThatBeginWithAnAtSignAreNoImports) {
  EXPECT_EQ(without_imports("@octocat and\n@./file @/etc @types/node"),
            "\\@octocat and\n\\@./file \\@/etc \\@types/node");
}

TEST(GeminiInstructions, WhatWouldNotBeImportedStays) {
  for (const char* text : {"a@b.c", "(@x)", "@", "@ x", "@1", "`@x`", "```\n@x\n```\n", "`` a ` @x ``"}) {
    EXPECT_EQ(without_imports(text), text);
  }
}

TEST(GeminiInstructions, ABacktickAloneBeginsNoCode) { EXPECT_EQ(without_imports("` @x"), "` \\@x"); }

}  // namespace
}  // namespace axon::gemini
