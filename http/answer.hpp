// Reads one HTTP answer out of the bytes of a connection, however they are cut. Beast is the parser; nothing here
// waits.
#pragma once

#include <memory>
#include <string_view>

#include "http/http.hpp"

namespace axon::http {

class AnswerReader {
 public:
  /// `is_head`: the answer to a HEAD request, which has no body. Without a sink, or where the status is no 2xx, the
  /// body is collected, up to `max_body` bytes.
  AnswerReader(bool is_head, std::size_t max_body, BodySink sink);
  ~AnswerReader();
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  /// Fails where the bytes are no HTTP, the body is too long, or the sink fails: then with the sink's own error.
  Result<void> feed(std::string_view bytes);

  /// The connection was closed. Fails if the answer is not complete with that.
  Result<void> end();

  [[nodiscard]] bool has_head() const;
  [[nodiscard]] bool is_done() const;

  /// It is done, nothing came behind it, and the server leaves the connection open.
  [[nodiscard]] bool can_continue() const;

  /// Once, when it is done.
  Response take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace axon::http
