// What the cloning child tells its parent while it works: one line each over a pipe. Every line is a sign of life;
// lines with a text are shown. Too frequent ones are left out.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace axon {

class Progress {
 public:
  /// Writes to `descriptor`, which must outlive this; -1: nowhere.
  explicit Progress(int descriptor) : descriptor_(descriptor) {}

  void alive();
  void receiving(std::size_t objects, std::size_t total, std::size_t bytes);
  void resolving(std::size_t deltas, std::size_t total);
  void checking_out(std::size_t files, std::size_t total);
  void copying();
  void large_files(std::uint64_t bytes, std::uint64_t total);

  /// Of another program, now and then.
  void show(const std::string& text);

  /// Always shown.
  void note(const std::string& text);

 private:
  using Clock = std::chrono::steady_clock;

  static bool is_due(Clock::time_point& last, Clock::duration interval);
  bool is_time_to_show();
  void send(std::string_view line);

  int descriptor_;
  std::size_t copied_ = 0;
  Clock::time_point last_alive_;
  Clock::time_point last_shown_ = Clock::now();  // a clone of less than a second shows none of it
};

/// "340 B", "12.3 MiB".
std::string to_size(std::size_t bytes);

}  // namespace axon
