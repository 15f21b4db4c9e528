#include "entrypoint/workspace/progress.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>

namespace axon {
namespace {

constexpr std::chrono::milliseconds kAliveInterval{200};
constexpr std::chrono::seconds kShowInterval{1};

std::string of(std::size_t part, std::size_t total) { return std::to_string(part) + "/" + std::to_string(total); }

}  // namespace

void Progress::send(std::string_view line) {
  // Lines are shorter than PIPE_BUF, so they arrive whole. A parent that is gone ends this process anyway.
  if (descriptor_ >= 0 && write(descriptor_, line.data(), line.size()) < 0) descriptor_ = -1;
}

bool Progress::is_due(Clock::time_point& last, Clock::duration interval) {
  const Clock::time_point now = Clock::now();
  if (now - last < interval) return false;
  last = now;
  return true;
}

void Progress::alive() {
  if (is_due(last_alive_, kAliveInterval)) send(".\n");
}

bool Progress::is_time_to_show() {
  alive();
  return is_due(last_shown_, kShowInterval);
}

void Progress::receiving(std::size_t objects, std::size_t total, std::size_t bytes) {
  if (is_time_to_show()) note("receiving objects " + of(objects, total) + ", " + to_size(bytes));
}

void Progress::resolving(std::size_t deltas, std::size_t total) {
  if (is_time_to_show()) note("resolving deltas " + of(deltas, total));
}

void Progress::checking_out(std::size_t files, std::size_t total) {
  if (is_time_to_show()) note("checking out files " + of(files, total));
}

void Progress::copying() {
  ++copied_;
  if (is_time_to_show()) note("copying objects, " + std::to_string(copied_) + " files");
}

void Progress::large_files(std::uint64_t bytes, std::uint64_t total) {
  if (is_time_to_show()) note("downloading large files, " + to_size(bytes) + " of " + to_size(total));
}

void Progress::show(const std::string& text) {
  if (is_time_to_show()) note(text);
}

void Progress::note(const std::string& text) { send("p " + text + "\n"); }

std::string to_size(std::size_t bytes) {
  constexpr std::array<const char*, 4> kUnits = {"B", "KiB", "MiB", "GiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text.data();
}

}  // namespace axon
