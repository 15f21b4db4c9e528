// The few file operations of the CLI. Errors name the path and what to do.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/result.hpp"

namespace axon::cli {

/// An open descriptor, closed at the end.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  void reset();

 private:
  int number_ = -1;
};

/// The whole file; "-" is stdin.
Result<std::string> read_file(const std::string& path);

/// Replaces the file in one step: a reader sees the old content or the new one, also after a crash.
Result<void> write_atomic(const std::string& path, std::string_view content, unsigned mode);

/// A new file, or one that is emptied.
Result<void> write_file(const std::string& path, std::string_view content, unsigned mode);

/// Makes the directory and those above it, the ones that it makes with mode 0700. Existing ones stay as they are.
Result<void> make_directories(const std::string& path);

/// Removes a tree, directories without write permission included.
Result<void> remove_tree(const std::string& path);

/// All of it, however the system cuts it. False on any error, errno says which.
bool write_all(int descriptor, std::string_view bytes);

}  // namespace axon::cli
