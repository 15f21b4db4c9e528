// The token for a git host: from the file that is kept fresh, else from the variables that git and gh users know.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/launch.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace axon {

struct Token {
  Secret value;
  std::string source;  // "AXON_GITHUB_TOKEN_FILE (/axon/token/GITHUB_TOKEN)", "GITHUB_TOKEN"

  bool operator==(const Token&) const = default;
};

/// True for github.com and the hosts that belong to it (gist.github.com, COMPANY.ghe.com).
bool is_github_cloud(std::string_view host);

/// The variables that may hold a token for the host, the best first.
std::vector<std::string> token_variables(std::string_view host);

/// The token for a host. The file is read anew at each call: it is replaced while the Pod runs. NotFound says where a
/// token was looked for.
Result<Token> find_token(std::string_view host, const Environment& environment);

/// This process's environment.
Environment current_environment();

/// A variable's value; empty if it is not set.
std::string value_of(const Environment& environment, std::string_view name);

}  // namespace axon
