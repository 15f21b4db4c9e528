// For tests: a temporary directory, and the git program to make repositories with.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace axon {

class GitTest : public testing::Test {
 protected:
  GitTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "axon-test-XXXXXX").string();
    root = mkdtemp(pattern.data());
  }
  ~GitTest() override { std::filesystem::remove_all(root); }

  /// Runs a shell command in the directory; its output without the last newline.
  std::string run(const std::string& command) const {
    const std::string line =
        "cd " + root +
        " && export HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b "
        "GIT_COMMITTER_NAME=a "
        "GIT_COMMITTER_EMAIL=a@b GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'; (" +
        command + ")";
    FILE* pipe = popen(line.c_str(), "r");
    std::string output;
    std::array<char, 4096> buffer{};
    for (std::size_t count = 0; (count = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
      output.append(buffer.data(), count);
    }
    EXPECT_EQ(pclose(pipe), 0) << command;
    while (output.ends_with('\n')) output.pop_back();
    return output;
  }

  void write(const std::string& path, const std::string& content) const {
    std::filesystem::create_directories(std::filesystem::path(root + "/" + path).parent_path());
    std::ofstream(root + "/" + path, std::ios::binary) << content;
  }

  [[nodiscard]] std::string read(const std::string& path) const {
    std::ifstream file(root + "/" + path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  /// A repository `source` with the branches main (three commits) and dev, and the tags v1 and v2.
  void make_source() const {
    run("git init -q -b main source && cd source && for i in 1 2 3; do echo $i >f$i; git add .; git commit -qm c$i; "
        "done;"
        " git branch dev HEAD~1; git tag v1 HEAD~2; git tag -am annotated v2 HEAD~1");
  }

  std::string root;
};

}  // namespace axon
