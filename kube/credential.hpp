// What a request shows of its user, made from a kubeconfig's user. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/secret.hpp"
#include "core/timestamp.hpp"
#include "kube/kubeconfig.hpp"

namespace axon::kube {

struct Login {
  Secret authorization;  // the header's value; empty: none
  std::string certificate_pem;
  Secret key_pem;

  bool operator==(const Login&) const = default;
};

struct Credential {
  Login login;
  std::optional<Time> until;  // then it has to be asked for again; empty: never
};

/// What the plugin printed. Errors name the plugin and what it lacks, and hold nothing of what it printed.
Result<Credential> parse_exec_credential(std::string_view output, const ExecPlugin& plugin);

/// The value of KUBERNETES_EXEC_INFO for the plugin.
std::string exec_info(const ExecPlugin& plugin, const Cluster& cluster, bool is_interactive);

/// "Bearer …" and "Basic …".
Secret bearer(std::string_view token);
Secret basic(const std::string& username, const Secret& password);

}  // namespace axon::kube
