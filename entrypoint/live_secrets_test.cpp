#include "entrypoint/live_secrets.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace axon {
namespace {

namespace fs = std::filesystem;

class LiveSecretsTest : public testing::Test {
 protected:
  LiveSecretsTest() { fs::create_directories(folder_); }
  ~LiveSecretsTest() override { fs::remove_all(folder_); }

  void write(const std::string& text) const { std::ofstream(file_, std::ios::trunc) << text; }

  /// As the kubelet and every careful writer do it.
  void replace(const std::string& text) const {
    std::ofstream(file_ + ".new") << text;
    fs::rename(file_ + ".new", file_);
  }

  const fs::path folder_ = testing::TempDir() + "live-secrets-" + std::to_string(::getpid());
  const std::string file_ = (folder_ / "token").string();
};

TEST_F(LiveSecretsTest, TakesOutWhatIsInTheFileNowAndWhatWasInIt) {
  replace("first-token-0123\n");
  LiveSecrets secrets({Secret("variable-0123")}, file_);
  EXPECT_EQ(redact(*secrets.patterns(), "first-token-0123 variable-0123"), "[REDACTED] [REDACTED]");
  replace(" second-token-4567\n");
  EXPECT_EQ(redact(*secrets.patterns(), "first-token-0123 second-token-4567"), "[REDACTED] [REDACTED]");
  write("third-token-of-another-length");
  EXPECT_EQ(redact(*secrets.patterns(), "third-token-of-another-length"), "[REDACTED]");
}

TEST_F(LiveSecretsTest, KeepsThePatternsWhileTheFileIsTheSame) {
  replace("first-token-0123");
  LiveSecrets secrets({}, file_);
  const auto before = secrets.patterns();
  EXPECT_EQ(secrets.patterns(), before);
  fs::remove(file_);
  EXPECT_EQ(secrets.patterns(), before);
  EXPECT_EQ(redact(*before, "first-token-0123"), "[REDACTED]");
}

TEST_F(LiveSecretsTest, WaitsForAFileThatIsNotThereYet) {
  LiveSecrets secrets({}, file_);
  EXPECT_TRUE(secrets.patterns()->empty());
  replace("late-token-0123");
  EXPECT_FALSE(secrets.patterns()->empty());
}

TEST_F(LiveSecretsTest, ARunningRedactorTakesNewPatterns) {
  replace("short-token-1");
  LiveSecrets secrets({}, file_);
  std::string out;
  const auto sink = [&](std::string_view clean) { out += clean; };
  Redactor redactor(secrets.patterns(), 64);
  const auto feed = [&](std::string_view text) {
    std::ranges::copy(text, redactor.space().begin());
    redactor.use(secrets.patterns());
    redactor.commit(text.size(), sink);
  };
  feed("a short-to");
  replace("a-token-that-is-much-longer-than-the-one-before-it-" + std::string(200, 'x'));
  feed("ken-1 b a-token-that-is-much-longer-than-the-one-before-it-");
  for (int i = 0; i < 4; ++i) feed(std::string(50, 'x'));
  redactor.finish(sink);
  EXPECT_EQ(out, "a [REDACTED] b [REDACTED]");
}

}  // namespace
}  // namespace axon
