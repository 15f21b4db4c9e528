// Which cluster to talk to and as whom: kubeconfig files as kubectl reads them, or what a Pod finds in itself.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/launch.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace axon::kube {

struct Cluster {
  std::string server;       // URL
  std::string ca_file;      // both empty: what the environment trusts
  std::string ca_pem;       // wins over the file
  std::string server_name;  // in place of the server's host, for its certificate
  std::string proxy_url;

  bool operator==(const Cluster&) const = default;
};

/// A program that prints an ExecCredential.
struct ExecPlugin {
  std::string command;  // with a slash: a path; otherwise looked up in PATH
  std::vector<std::string> args;
  Environment env;  // on top of ours
  std::string api_version;
  std::string install_hint;
  bool provide_cluster_info = false;
  bool needs_terminal = false;

  bool operator==(const ExecPlugin&) const = default;
};

struct User {
  Secret token;
  std::string token_file;  // wins over the token, is read again as it is rotated
  std::string username;
  Secret password;
  std::string certificate_file;  // read again, too
  std::string certificate_pem;   // wins over the file
  std::string key_file;
  Secret key_pem;
  std::optional<ExecPlugin> exec;

  bool operator==(const User&) const = default;
};

struct Context {
  std::string cluster;
  std::string user;
  std::string ns;

  bool operator==(const Context&) const = default;
};

/// One file, or several merged.
struct Kubeconfig {
  std::string current_context;
  std::map<std::string, Context> contexts;
  std::map<std::string, Cluster> clusters;
  std::map<std::string, User> users;
};

/// All that is needed to connect.
struct Config {
  Cluster cluster;
  User user;
  std::string ns = "default";
  std::string context;  // empty in a Pod
  int attempts = 6;     // at a request that may be repeated

  bool operator==(const Config&) const = default;
};

/// Relative paths in the file are relative to its directory. Errors name the file, the line and the field.
Result<Kubeconfig> parse_kubeconfig(std::string_view text, const std::string& path);

/// The first file that says something wins, as in kubectl.
Kubeconfig merge(std::vector<Kubeconfig> files);

/// `context` in place of the current one, if not empty. `source` names the files in errors.
Result<Config> select(const Kubeconfig& kubeconfig, const std::string& context, const std::string& source);

/// The files that KUBECONFIG lists, or ~/.kube/config.
std::vector<std::string> kubeconfig_paths(const Environment& environment);

/// What a Pod is given: KUBERNETES_SERVICE_HOST and _PORT and the files below `directory`.
Result<Config> in_cluster(const Environment& environment, const std::string& directory);

struct ConfigOptions {
  std::string kubeconfig;  // a file that has to exist; empty: KUBECONFIG, ~/.kube/config, then the Pod's own
  std::string context;
  std::string ns;
  int attempts = Config{}.attempts;
};

/// Reads the files. Fails with a sentence that says what was looked for where nothing was found.
Result<Config> load_config(const ConfigOptions& options, const Environment& environment);

}  // namespace axon::kube
