// Repository URLs and git's credential requests of arbitrary text: no password stays in what is shown and written.
#include "core/fuzz/fuzz.hpp"
#include "entrypoint/git_credential.hpp"
#include "entrypoint/pull_requests.hpp"
#include "entrypoint/workspace/repo_url.hpp"

namespace {

using namespace axon;

void check_url(std::string_view text) {
  const Result<RepoUrl> url = parse_repo_url(text);
  if (!url) return;
  (void)credential_origin(*url);
  (void)repo_name(*url);
  (void)api_url(url->host, "github.example", {});
  if (url->kind == RepoUrl::Kind::Local) return;
  const Result<RepoUrl> shown = parse_repo_url(url->text);
  fuzz::require(shown.has_value(), "the text without the password is no URL");
  fuzz::require(shown->password.empty(), "the text still has a password");
  fuzz::require(shown->host == url->host && shown->path == url->path, "the text is of another place");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::string_view> parts = fuzz::parts_of(fuzz::text_of(data, size), 3);
  check_url(parts[0]);
  (void)may_have_token(parse_credential_request(parts[1]), parts[0], "github.example");
  (void)pull_request_urls(std::string(parts[2]), "");
  return 0;
}
