#include "entrypoint/stream_reader.hpp"

namespace axon {

StreamNews StreamReader::read(std::string_view bytes) {
  progress_ = false;
  parser_->feed(bytes, [this](Event&& event) {
    progress_ = progress_ || is_progress(event);
    update(summary_, event);
  });
  return {progress_, is_done(summary_)};
}

void StreamReader::finish() {
  parser_->finish([this](Event&& event) { update(summary_, event); });
}

}  // namespace axon
