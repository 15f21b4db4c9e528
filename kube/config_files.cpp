// The part of kubeconfig.hpp that looks at this machine.
#include <cerrno>
#include <cstdlib>

#include "kube/files.hpp"
#include "kube/kubeconfig.hpp"

namespace axon::kube {
namespace {

constexpr const char* kServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

std::string value_of(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

std::string joined(const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) text += (text.empty() ? "" : ":") + path;
  return text;
}

Result<void> read_authority(Config& config) {
  if (!config.cluster.ca_pem.empty() || config.cluster.ca_file.empty()) return {};
  Result<std::string> pem = read_file(config.cluster.ca_file);
  if (!pem) return wrap("certificate-authority", std::move(pem).error());
  config.cluster.ca_pem = *std::move(pem);
  return {};
}

/// Files that are not there are passed over, as kubectl does; empty if none was.
Result<std::vector<Kubeconfig>> read_all(const std::vector<std::string>& paths, bool have_to_exist) {
  std::vector<Kubeconfig> files;
  for (const std::string& path : paths) {
    const Result<std::string> text = read_file(path);
    if (!text && text.error().code == Errc::NotFound && !have_to_exist) continue;
    if (!text) return wrap("kubeconfig", text.error());
    Result<Kubeconfig> file = parse_kubeconfig(*text, path);
    if (!file) return wrap("kubeconfig", std::move(file).error());
    files.push_back(*std::move(file));
  }
  return files;
}

}  // namespace

std::vector<std::string> kubeconfig_paths(const Environment& environment) {
  const std::string list = value_of(environment, "KUBECONFIG");
  if (list.empty()) {
    const std::string home = value_of(environment, "HOME");
    return home.empty() ? std::vector<std::string>() : std::vector<std::string>({home + "/.kube/config"});
  }
  std::vector<std::string> paths;
  for (std::size_t start = 0; start <= list.size();) {
    const std::size_t end = std::min(list.find(':', start), list.size());
    if (end > start) paths.push_back(list.substr(start, end - start));
    start = end + 1;
  }
  return paths;
}

Result<Config> in_cluster(const Environment& environment, const std::string& directory) {
  const std::string host = value_of(environment, "KUBERNETES_SERVICE_HOST");
  const std::string port = value_of(environment, "KUBERNETES_SERVICE_PORT");
  if (host.empty() || port.empty()) {
    return fail(Errc::NotFound, "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is no Pod");
  }
  Config config;
  config.cluster.server = "https://" + (host.contains(':') ? "[" + host + "]" : host) + ":" + port;
  config.cluster.ca_file = directory + "/ca.crt";
  config.user.token_file = directory + "/token";
  if (const Result<std::string> ns = read_file(directory + "/namespace"); ns && !ns->empty()) config.ns = *ns;
  return config;
}

Result<Config> load_config(const ConfigOptions& options, const Environment& environment) {
  const bool is_named = !options.kubeconfig.empty();
  const std::vector<std::string> paths =
      is_named ? std::vector<std::string>{options.kubeconfig} : kubeconfig_paths(environment);
  Result<std::vector<Kubeconfig>> files = read_all(paths, is_named);
  if (!files) return std::unexpected(std::move(files).error());
  Result<Config> config = files->empty() ? in_cluster(environment, kServiceAccount)
                                         : select(merge(*std::move(files)), options.context, joined(paths));
  if (!config && config.error().code == Errc::NotFound) {
    const std::string where =
        paths.empty() ? "neither KUBECONFIG nor HOME is set" : "there is no kubeconfig at " + joined(paths);
    return fail(Errc::NotFound,
                "no cluster is configured: " + where + ", and this is no Pod of a cluster; set KUBECONFIG");
  }
  if (!config) return config;
  if (!options.ns.empty()) config->ns = options.ns;
  config->attempts = options.attempts;
  if (auto read = read_authority(*config); !read) return std::unexpected(std::move(read).error());
  return config;
}

}  // namespace axon::kube
