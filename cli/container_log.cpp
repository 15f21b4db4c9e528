#include "cli/container_log.hpp"

#include "cli/files.hpp"

namespace axon::cli {

ContainerLog::ContainerLog(const Adapter* adapter, Screen screen, bool is_preparation, bool raw, bool timestamps)
    : screen_(screen),
      is_preparation_(is_preparation),
      raw_(raw),
      timestamps_(timestamps),
      stream_(adapter, screen),
      cursor_([this](std::string_view time, std::string_view bytes) { show(time, bytes); }) {}

void ContainerLog::show(std::string_view time, std::string_view bytes) {
  if (raw_) {
    const int descriptor = is_preparation_ ? screen_.info : screen_.out;
    if (timestamps_ && at_line_start_ && !time.empty()) write_all(descriptor, std::string(time) + " ");
    write_all(descriptor, bytes);
    at_line_start_ = bytes.ends_with('\n');
    return;
  }
  if (timestamps_) stream_.put_in_front(time);
  is_preparation_ ? stream_.feed_plain(bytes) : stream_.feed(bytes);
}

void ContainerLog::finish() {
  if (!raw_) stream_.finish();
}

}  // namespace axon::cli
