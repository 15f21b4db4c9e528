#include "cli/installation.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "cli/sandbox.hpp"

namespace axon::cli {
namespace {

namespace fs = std::filesystem;

bool is_program(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && access(path.c_str(), X_OK) == 0;
}

/// The interpreter of a script's first line, "/usr/bin/env NAME" resolved to NAME; empty for a binary.
std::string interpreter(const std::string& program) {
  std::ifstream file(program, std::ios::binary);
  std::array<char, 256> head{};
  file.read(head.data(), head.size());
  std::string line(head.data(), static_cast<std::size_t>(file.gcount()));
  line.resize(std::min(line.size(), line.find('\n')));
  if (!line.starts_with("#!")) return {};
  std::vector<std::string> words;
  for (std::size_t at = 2; at < line.size();) {
    const std::size_t begin = line.find_first_not_of(" \t\r", at);
    if (begin == std::string::npos) break;
    at = std::min(line.find_first_of(" \t\r", begin), line.size());
    words.push_back(line.substr(begin, at - begin));
  }
  if (words.empty()) return {};
  if (!words.front().ends_with("/env")) return words.front();
  const auto name = std::find_if(words.begin() + 1, words.end(), [](const std::string& word) {
    return !word.starts_with('-') && word.find('=') == std::string::npos;
  });
  return name == words.end() ? std::string() : *name;
}

class Finder {
 public:
  Finder(const std::string& path, const std::vector<std::string>& visible) : path_(path), visible_(visible) {}

  /// Follows a program to the file behind its links, and to its interpreter.
  void add(const std::string& program, int depth = 0) {
    std::error_code error;
    const std::string real = fs::canonical(program, error).string();
    if (error || depth > 4) return;
    add_directory(fs::path(program).parent_path());
    if (real != program && !is_visible(program)) add_link(program, real);
    add_package(real);
    const std::string script = interpreter(real);
    if (script.empty()) return;
    if (const std::string next = find_program(script, path_); !next.empty()) add(next, depth + 1);
  }

  [[nodiscard]] Installation take() { return std::move(found_); }

 private:
  [[nodiscard]] bool is_visible(const std::string& path) const {
    return is_below(path, visible_) || is_below(path, found_.paths);
  }

  void add_path(const std::string& path) {
    std::error_code error;
    if (!is_visible(path) && fs::exists(path, error)) found_.paths.push_back(path);
  }

  void add_link(const std::string& link, const std::string& target) {
    const std::pair entry(link, target);
    if (std::ranges::find(found_.links, entry) == found_.links.end()) found_.links.push_back(entry);
  }

  void add_directory(const fs::path& directory) {
    const std::string text = directory.string();
    if (std::ranges::find(found_.directories, text) == found_.directories.end()) found_.directories.push_back(text);
  }

  /// A package of npm is its node_modules with all it depends on; of Python its virtual environment; of node itself
  /// the packages beside it. Anything else is the one file.
  void add_package(const std::string& real) {
    static constexpr std::string_view kModules = "/node_modules/";
    if (const std::size_t at = real.find(kModules); at != std::string::npos) {
      add_path(real.substr(0, at + kModules.size() - 1));
      return;
    }
    const fs::path prefix = fs::path(real).parent_path().parent_path();
    std::error_code error;
    if (fs::exists(prefix / "pyvenv.cfg", error)) {
      add_path(prefix.string());
      return;
    }
    add_path(real);
    if (fs::path(real).filename() != "node" || is_below(real, visible_)) return;
    add_path((prefix / "lib" / "node_modules").string());
    for (const char* tool : {"npm", "npx", "corepack"}) {
      const fs::path link = prefix / "bin" / tool;
      if (fs::is_symlink(link, error)) add_link(link.string(), fs::read_symlink(link, error).string());
    }
  }

  const std::string& path_;
  const std::vector<std::string>& visible_;
  Installation found_;
};

}  // namespace

std::string find_program(const std::string& name, const std::string& path) {
  if (name.find('/') != std::string::npos) return is_program(name) ? name : std::string();
  for (std::string_view rest = path; !rest.empty();) {
    const std::string entry(rest.substr(0, rest.find(':')));
    rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
    if (!entry.starts_with('/')) continue;  // a relative entry would mean another directory inside
    const fs::path candidate = fs::path(entry) / name;
    if (is_program(candidate)) return candidate.string();
  }
  return {};
}

Result<Installation> find_installation(const std::string& program, const std::string& path,
                                       const std::vector<std::string>& visible) {
  const std::string found = find_program(program, path);
  if (found.empty()) {
    return fail(Errc::NotFound, "the agent's program \"" + program + "\" is not in PATH (searched " + path +
                                    "); install it, or put its directory into PATH");
  }
  Finder finder(path, visible);
  finder.add(found);
  Installation installation = finder.take();
  installation.program = found;
  return installation;
}

}  // namespace axon::cli
