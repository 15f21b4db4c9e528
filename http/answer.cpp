#include "http/answer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <optional>

namespace axon::http {
namespace {

namespace beast = boost::beast;
using boost::system::error_code;

/// Where a body goes: to the sink, or into the text.
struct Body {
  struct value_type {
    BodySink sink;
    std::string text;
    std::size_t max_text = 0;
    std::optional<Error> failure;
  };

  class reader {
   public:
    template <bool is_request, class Fields>
    reader(const beast::http::header<is_request, Fields>& head, value_type& body) : body_(body) {
      if constexpr (!is_request) succeeded_ = [&head] { return head.result_int() / 100 == 2; };  // not known yet
    }

    static void init(const boost::optional<std::uint64_t>& /*length*/, error_code& failed) { failed = {}; }

    template <class Buffers>
    std::size_t put(const Buffers& buffers, error_code& failed) {
      std::size_t taken = 0;
      failed = {};
      for (const auto buffer : beast::buffers_range_ref(buffers)) {
        if (!take({static_cast<const char*>(buffer.data()), buffer.size()})) {
          failed = beast::http::error::body_limit;
          return taken;
        }
        taken += buffer.size();
      }
      return taken;
    }

    static void finish(error_code& failed) { failed = {}; }

   private:
    bool take(std::string_view piece) {
      if (body_.sink && succeeded_()) {
        if (Result<void> passed = body_.sink(piece); !passed) body_.failure = std::move(passed).error();
      } else if (body_.text.size() + piece.size() > body_.max_text) {
        body_.failure = {Errc::Unavailable, "the answer is longer than " + std::to_string(body_.max_text) + " bytes"};
      } else {
        body_.text += piece;
      }
      return !body_.failure;
    }

    value_type& body_;
    std::function<bool()> succeeded_;
  };
};

}  // namespace

struct AnswerReader::State {
  beast::http::response_parser<Body> parser;
  std::string pending;  // bytes that the parser wants to see again with more behind them
};

AnswerReader::AnswerReader(bool is_head, std::size_t max_body, BodySink sink) : state_(std::make_unique<State>()) {
  state_->parser.body_limit(boost::none);  // the body counts for itself
  state_->parser.eager(true);
  state_->parser.skip(is_head);
  state_->parser.get().body().sink = std::move(sink);
  state_->parser.get().body().max_text = max_body;
}

AnswerReader::~AnswerReader() = default;

Result<void> AnswerReader::feed(std::string_view bytes) {
  error_code failed;
  state_->pending += bytes;
  state_->pending.erase(0, state_->parser.put(boost::asio::buffer(state_->pending), failed));
  if (std::optional<Error>& failure = state_->parser.get().body().failure) return std::unexpected(*std::move(failure));
  if (failed && failed != beast::http::error::need_more) {
    return fail(Errc::Unavailable, "the answer is not valid HTTP: " + failed.message());
  }
  return {};
}

Result<void> AnswerReader::end() {
  error_code failed;
  if (state_->parser.got_some()) state_->parser.put_eof(failed);
  if (!failed && state_->parser.is_done()) return {};
  return fail(Errc::Unavailable, "the server closed the connection before its answer was complete");
}

bool AnswerReader::has_head() const { return state_->parser.is_header_done(); }

bool AnswerReader::is_done() const { return state_->parser.is_done(); }

bool AnswerReader::can_continue() const {
  return is_done() && state_->pending.empty() && state_->parser.keep_alive() && !state_->parser.need_eof();
}

Response AnswerReader::take() {
  Response response;
  response.status = static_cast<int>(state_->parser.get().result_int());
  for (const auto& field : state_->parser.get()) {
    response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  response.body = std::move(state_->parser.get().body().text);
  return response;
}

std::string_view Response::header(std::string_view name) const {
  for (const Header& field : headers) {
    if (beast::iequals(field.name, name)) return field.value;
  }
  return "";
}

}  // namespace axon::http
