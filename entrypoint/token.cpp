#include "entrypoint/token.hpp"

#include <unistd.h>

#include "core/contract.hpp"
#include "core/letters.hpp"
#include "entrypoint/workspace/beneath.hpp"

namespace axon {
namespace {}  // namespace

bool is_github_cloud(std::string_view host) {
  return host == "github.com" || host.ends_with(".github.com") || host.ends_with(".ghe.com");
}

std::vector<std::string> token_variables(std::string_view host) {
  if (is_github_cloud(host)) return {std::string(contract::env::kGithubToken), std::string(contract::env::kGhToken)};
  return {std::string(contract::env::kGhEnterpriseToken), "GITHUB_ENTERPRISE_TOKEN",
          std::string(contract::env::kGithubToken)};
}

Result<Token> find_token(std::string_view host, const Environment& environment) {
  std::string looked_for;
  if (const std::string path = value_of(environment, contract::env::kGithubTokenFile); !path.empty()) {
    const std::string source = std::string(contract::env::kGithubTokenFile) + " (" + path + ")";
    const Result<std::string> text = read_small_file(path);
    if (text && !trimmed(*text).empty()) return Token{Secret(std::string(trimmed(*text))), source};
    looked_for = source + (text ? " is empty" : " cannot be read");
  }
  for (const std::string& name : token_variables(host)) {
    const std::string value(trimmed(value_of(environment, name)));
    if (!value.empty()) return Token{Secret(value), name};
    looked_for += (looked_for.empty() ? "" : ", ") + name + " is not set";
  }
  return fail(Errc::NotFound, "there is no token for it: " + looked_for);
}

Environment current_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

std::string value_of(const Environment& environment, std::string_view name) {
  const auto found = environment.find(std::string(name));
  return found == environment.end() ? "" : found->second;
}

}  // namespace axon
