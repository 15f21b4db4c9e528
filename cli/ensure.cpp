#include "cli/ensure.hpp"

#include "cli/ask.hpp"
#include "cli/difference.hpp"
#include "cli/resources.hpp"
#include "cli/screen.hpp"
#include "core/letters.hpp"

namespace axon::cli {
namespace {

using boost::asio::awaitable;
using kube::text_at;
using nlohmann::json;

kube::Resource resource_of(const json& object) {
  if (text_at(object, "/kind") == "Secret") return resource::kSecrets;
  return text_at(object, "/kind") == "Workspace" ? resource::kWorkspaces : resource::kAgentConfigs;
}

/// What the difference is about: "ANTHROPIC_API_KEY", "spec.repo".
std::string paths_of(const std::vector<Difference>& found) {
  std::vector<std::string> paths;
  for (const Difference& one : found) {
    paths.push_back(one.path.starts_with("data.") ? one.path.substr(5) : one.path);
  }
  return join(paths);
}

/// A further key of a Secret replaces nothing.
awaitable<Result<void>> allow(json wanted, std::vector<Difference> found, EnsureOptions options) {
  const bool is_secret = text_at(wanted, "/kind") == "Secret";
  if (is_secret) std::erase_if(found, [](const Difference& one) { return !one.was_there; });
  if (found.empty() || options.yes) co_return Result<void>{};
  const std::string what = name_of(wanted) + " in namespace " + text_at(wanted, "/metadata/namespace");
  const std::string question = what + " is there with another " + paths_of(found) + ". Overwrite it?";
  const Result<bool> yes = co_await ask(question, "--yes overwrites it");
  if (!yes) co_return std::unexpected(yes.error());
  if (*yes) co_return Result<void>{};
  co_return fail(Errc::InvalidInput, what + " stays as it is" + options.if_refused);
}

}  // namespace

std::string name_of(const json& object) {
  return lower_case(text_at(object, "/kind")) + "/" + text_at(object, "/metadata/name");
}

awaitable<Result<void>> ensure(kube::Client& client, json wanted, EnsureOptions options) {
  const kube::Resource resource = resource_of(wanted);
  const auto tell = [&](const char* what) { write_line(options.descriptor, name_of(wanted) + what); };
  Result<json> there = co_await client.get(resource, kube::key_of(wanted));
  if (!there && there.error().code == Errc::NotFound) {
    const Result<json> made = co_await client.create(resource, without_nulls(wanted));
    if (made) tell(" created");
    if (made) co_return Result<void>{};
    if (made.error().code != Errc::AlreadyExists) co_return std::unexpected(made.error());
    there = co_await client.get(resource, kube::key_of(wanted));  // somebody was faster
  }
  if (!there) co_return std::unexpected(there.error());
  json part = wanted;
  for (const char* field : {"apiVersion", "kind", "metadata"}) part.erase(field);
  const std::vector<Difference> found = differences(*there, part);
  if (found.empty()) {
    if (options.tells_same) tell(" unchanged");
    co_return Result<void>{};
  }
  if (auto allowed = co_await allow(wanted, found, options); !allowed) co_return allowed;
  const Result<json> done =
      co_await client.patch(resource, kube::key_of(wanted), kube::PatchType::kMerge, std::move(part));
  if (!done) co_return std::unexpected(done.error());
  tell(" changed");
  co_return Result<void>{};
}

}  // namespace axon::cli
