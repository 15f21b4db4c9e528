#include "entrypoint/workspace/explain.hpp"

#include "entrypoint/workspace/credential.hpp"
#include "http/http.hpp"
#include "http/proxy.hpp"
#include "http/url.hpp"

namespace axon {
namespace {

Error unauthorized(const CloneRequest& request, const Access& access) {
  const std::string& repo = request.repo.text;
  if (access.offered) {
    return {Errc::Unauthorized, repo + " refused " + credential_source(request) +
                                    ": it is wrong, has expired, or does not cover this repository"};
  }
  const std::string why = request.token ? "" : "; " + request.token.error().message;
  return {Errc::Unauthorized, repo + " does not exist or wants credentials" + why};
}

Error http_status(const CloneRequest& request, const Access& access, const std::string& status) {
  const std::string& repo = request.repo.text;
  if (status == "404" || status == "410") {
    return {Errc::NotFound, "repository not found: " + repo + " (HTTP " + status + "); check its name" +
                                (access.offered ? " and that " + credential_source(request) + " may read it" : "")};
  }
  if (status == "403") {
    return {Errc::Unauthorized, repo + " refused access (HTTP 403)" +
                                    (access.offered ? "; check what " + credential_source(request) + " may do" : "")};
  }
  if (status == "429" || status.starts_with('5')) {
    return {Errc::Unavailable, repo + " is in trouble (HTTP " + status + "); try again later"};
  }
  return {Errc::Unavailable, repo + " answered with HTTP " + status + ": is it the URL of a git repository?"};
}

/// Who was to be connected to: the proxy, where there is one.
std::string peer(const CloneRequest& request) {
  if (request.repo.kind != RepoUrl::Kind::Http) return request.repo.host;
  const Result<http::Url> url = http::parse_url(request.repo.text);
  if (!url) return request.repo.host;
  const std::optional<std::string> proxy = http::proxy_for(*url, request.environment);
  return proxy ? "proxy " + http::redact_urls(*proxy) : http::authority_of(*url);
}

std::string after(const std::string& text, const std::string& mark) {
  const std::size_t at = text.find(mark);
  return at == std::string::npos ? "" : text.substr(at + mark.size());
}

}  // namespace

bool is_certificate_failure(const git::Failure& failure) {
  return failure.code == GIT_ECERTIFICATE ||
         (failure.klass == GIT_ERROR_SSL && failure.message.contains("certificate"));
}

Error explain(const git::Failure& failure, const CloneRequest& request, const Access& access) {
  const std::string& said = failure.message;
  const auto says = [&](const char* words) { return said.contains(words); };
  if (const std::string status = after(said, "unexpected http status code: "); !status.empty()) {
    return http_status(request, access, status);
  }
  if (failure.code == GIT_EAUTH || says("authentication")) return unauthorized(request, access);
  if (says("No space left") || says("quota exceeded")) return {Errc::NoSpace, disk_full(request.directory)};
  if (says("failed to resolve address")) {
    return {Errc::Unavailable, "host not found: " + peer(request) + " (" + after(said, ": ") + ")"};
  }
  if (says("timed out") || failure.code == GIT_TIMEOUT) {
    return {Errc::TimedOut, peer(request) + " sent nothing for " + std::to_string(request.stall.count()) + " s"};
  }
  if (says("failed to connect")) {
    const std::string why = after(said, ": ");
    return {Errc::Unavailable, "cannot connect to " + peer(request) + (why.empty() ? "" : ": " + why)};
  }
  if (says("invalid content-type") || says("no content-type")) {
    return {Errc::NotFound, request.repo.text + " is no git repository: it answers with a web page"};
  }
  return {failure.klass == GIT_ERROR_NET || failure.klass == GIT_ERROR_HTTP ? Errc::Unavailable : Errc::Internal,
          request.repo.text + ": " + http::redact_urls(said)};
}

Error explain_certificate(const CloneRequest& request) {
  http::Options options;
  options.environment = request.environment;
  http::Request probe;
  probe.method = "HEAD";
  probe.url = request.repo.text;
  const Result<http::Response> answer = http::send(probe, options);
  if (!answer && answer.error().code != Errc::TimedOut) {
    return {Errc::Unauthorized,
            answer.error().message + "; name the right CA bundle in GIT_SSL_CAINFO or SSL_CERT_FILE"};
  }
  return {Errc::Unauthorized, "the TLS certificate of " + peer(request) + " is not trusted"};
}

std::string disk_full(const std::string& directory) {
  return "the disk is full at " + directory + ": give the volume more space, or clone less depth";
}

}  // namespace axon
