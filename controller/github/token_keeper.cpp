#include "controller/github/token_keeper.hpp"

#include "controller/github/jwt.hpp"
#include "controller/log.hpp"
#include "controller/metadata.hpp"
#include "core/json_access.hpp"
#include "http/async.hpp"
#include "kube/clock.hpp"

namespace axon::controller::github {
namespace {

using boost::asio::awaitable;
using kube::now;
using nlohmann::json;

constexpr int kWorkers = 16;  // requests to GitHub at a time: a host that does not answer must not hold up the others

std::string uid_of(const json& object) { return text_at(object_at(object, "metadata"), "uid"); }

}  // namespace

TokenKeeper::TokenKeeper(kube::Client& client, kube::Recorder& recorder, Metrics& metrics, Environment environment,
                         Surroundings surroundings)
    : client_(client),
      recorder_(recorder),
      metrics_(metrics),
      environment_(std::move(environment)),
      surroundings_(std::move(surroundings)),
      queue_(
          client.executor(), [this](Key key) { return reconcile(std::move(key)); },
          [this](const Key& key, const Error& error) {
            metrics_.count_error("github-token");
            log_warning("reconcile failed", {{"workspace", to_string(key)}, {"error", error.message}});
          }) {}

void TokenKeeper::on_deleted_secret(const Key& secret) {
  const Key workspace{secret.ns, workspace_of(secret.name)};
  const auto kept = kept_.find(workspace);
  if (kept == kept_.end()) return;
  kept->second.held.reset();
  look_at(workspace);
}

awaitable<void> TokenKeeper::run() { co_await queue_.run(kWorkers); }

Standing TokenKeeper::standing(const Key& workspace) const {
  const auto kept = kept_.find(workspace);
  return kept == kept_.end() ? Standing{} : github::standing(kept->second, now());
}

/// Empty where there is no such Secret, or it holds no App.
awaitable<Result<std::optional<SecretSpec>>> TokenKeeper::read_app_secret(Key key, std::string name) const {
  if (name.empty()) co_return std::nullopt;
  key.name = std::move(name);
  Result<std::optional<SecretSpec>> secret = co_await surroundings_.secret(key);
  if (secret && *secret && !is_app(**secret)) co_return std::nullopt;
  co_return secret;
}

awaitable<Result<TokenKeeper::LookAgain>> TokenKeeper::reconcile(Key key) {
  const std::optional<json> workspace = surroundings_.workspace(key);
  std::string name;
  if (workspace) name = text_at(object_at(object_at(*workspace, "spec"), "secretRef"), "name");
  const Result<std::optional<SecretSpec>> secret = co_await read_app_secret(key, std::move(name));
  if (!secret) co_return std::unexpected(secret.error());
  if (!*secret) {
    kept_.erase(key);
    co_return std::nullopt;
  }
  const Result<Source> source = read_source(*workspace, **secret);
  Result<LookAgain> look_again = std::nullopt;
  if (source) {
    look_again = co_await keep(key, *workspace, *source);
  } else {
    kept_[key].source.reset();
    report(key, uid_of(*workspace), source.error().message);
  }
  tell(key);
  co_return look_again;
}

awaitable<Result<TokenKeeper::LookAgain>> TokenKeeper::keep(Key key, json workspace, Source source) {
  set_source(kept_[key], std::move(source));
  const Result<void> recalled = co_await recall(key);
  if (!recalled && recalled.error().code == Errc::InvalidInput) {
    report(key, uid_of(workspace), recalled.error().message);
    co_return std::nullopt;  // until that Secret is deleted
  }
  if (!recalled) co_return std::unexpected(recalled.error());
  if (due_at(kept_[key]) <= now()) {
    if (!surroundings_.is_in_use(key)) co_return std::nullopt;
    co_await renew(key, std::move(workspace));
  }
  co_return std::max(due_at(kept_[key]) - now(), std::chrono::seconds(1));
}

awaitable<Result<void>> TokenKeeper::recall(Key key) {
  if (kept_[key].was_recalled) co_return Result<void>{};
  const Key where{key.ns, token_secret_name(key.name)};
  const Result<json> there = co_await client_.get(resource::kSecrets, where);
  if (!there && there.error().code != Errc::NotFound) co_return std::unexpected(there.error());
  Result<std::optional<Held>> held = there ? read_token_secret(*there) : std::nullopt;
  if (!held) co_return std::unexpected(held.error());
  Kept& kept = kept_[key];
  kept.was_recalled = true;
  kept.held = *std::move(held);
  if (kept.held) kept.refresh = refresh_at(kept.held->life, random());
  co_return Result<void>{};
}

awaitable<std::expected<InstallationToken, Refusal>> TokenKeeper::ask(Source source) {
  const Result<Secret> jwt = sign_jwt(source.app.id, source.app.private_key, now());
  if (!jwt) {
    Refusal refusal{.message = "Secret \"" + source.secret + "\", key privateKey: " + jwt.error().message,
                    .retry_after = {}};
    co_return std::unexpected(std::move(refusal));
  }
  http::Request request = token_request(source, *jwt);
  http::Options options;
  options.environment = environment_;
  options.max_body = kMaxAnswer;
  const Result<http::Response> answer = co_await http::async_send(std::move(request), std::move(options));
  if (!answer) co_return std::unexpected(unreachable(answer.error(), source));
  co_return read_answer(*answer, source, now());
}

awaitable<std::expected<InstallationToken, Refusal>> TokenKeeper::ask_and_write(json workspace, Source source) {
  std::expected<InstallationToken, Refusal> token = co_await ask(source);
  if (!token) co_return token;
  json secret = build_token_secret(workspace, *token, identity(source));
  kube::WriteOptions options;
  options.field_manager = "axon-controller";
  options.force = true;  // it is the manager's own, whoever has edited it
  const Result<json> written = co_await client_.apply(resource::kSecrets, std::move(secret), std::move(options));
  if (written) co_return token;
  Refusal refusal{.message = written.error().message, .retry_after = {}};
  co_return std::unexpected(std::move(refusal));
}

awaitable<void> TokenKeeper::renew(Key key, json workspace) {
  const Source source = *kept_[key].source;
  const std::expected<InstallationToken, Refusal> token = co_await ask_and_write(workspace, source);
  Kept& kept = kept_[key];
  kept.told.reset();  // time alone may have changed what a Task saw since
  if (!token) {
    kept.not_before = now() + retry_after(++kept.failures, token.error().retry_after, random());
    report(key, uid_of(workspace), token.error().message);
    co_return;
  }
  kept.held = Held{.identity = identity(source), .life = token->life};
  kept.refresh = refresh_at(token->life, random());
  kept.trouble.clear();
  kept.failures = 0;
  kept.not_before = {};
  log_info("github token made", {{"workspace", to_string(key)}, {"expires", format_time(token->life.expires)}});
}

void TokenKeeper::report(const Key& key, const std::string& uid, const std::string& trouble) {
  metrics_.count_error("github-token");
  Kept& kept = kept_[key];
  if (kept.trouble == trouble) return;
  kept.trouble = trouble;
  log_warning("no github token", {{"workspace", to_string(key)}, {"error", trouble}});
  recorder_.record({std::string(kApiVersion), "Workspace", key, uid, true, "GitHubTokenFailed", trouble});
}

void TokenKeeper::tell(const Key& key) {
  Kept& kept = kept_[key];
  const Standing current = github::standing(kept, now());
  if (kept.told == current) return;
  kept.told = current;
  surroundings_.on_change(key);
}

}  // namespace axon::controller::github
