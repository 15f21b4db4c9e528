// URLs, exemptions from proxies, and answers of arbitrary bytes: an answer is the same however it is cut.
#include "core/fuzz/fuzz.hpp"
#include "http/answer.hpp"
#include "http/proxy.hpp"
#include "http/url.hpp"

namespace {

using namespace axon;

constexpr std::size_t kMaxBody = 4096;

void check_url(std::string_view text, std::string_view no_proxy) {
  const std::string shown = http::redact_urls(text);
  fuzz::require(http::redact_urls(shown) == shown, "credentials are left after they were removed");
  const Result<http::Url> url = http::parse_url(text);
  if (!url) return;
  (void)http::is_loopback(*url);
  (void)http::is_exempt(*url, no_proxy);
  (void)http::proxy_for(*url, {{"no_proxy", std::string(no_proxy)}, {"all_proxy", "proxy:1"}});
  const Result<http::Url> origin = http::parse_url(http::origin_of(*url));
  fuzz::require(origin && origin->host == url->host && origin->user.empty(), "the origin is another one");
}

struct Read {
  bool ok = false;
  int status = 0;
  std::string body;
  bool operator==(const Read&) const = default;
};

Read read(std::string_view bytes, std::size_t cut) {
  http::AnswerReader reader(false, kMaxBody, {});
  while (!bytes.empty() && !reader.is_done()) {
    if (!reader.feed(bytes.substr(0, cut))) return {};
    bytes.remove_prefix(std::min(cut, bytes.size()));
  }
  if (!reader.is_done() && !reader.end()) return {};
  const http::Response response = reader.take();
  fuzz::require(response.body.size() <= kMaxBody, "the body is longer than allowed");
  return {true, response.status, response.body};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 20'000) return 0;
  const std::vector<std::string_view> parts = fuzz::parts_of(fuzz::text_of(data, size), 3);
  check_url(parts[0], parts[1]);
  fuzz::require(read(parts[2], 1) == read(parts[2], parts[2].size() + 1), "the answer depends on how it is cut");
  return 0;
}
