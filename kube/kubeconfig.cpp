#include "kube/kubeconfig.hpp"

#include "core/encoding.hpp"
#include "core/fields.hpp"
#include "core/yaml.hpp"

namespace axon::kube {
namespace {

using nlohmann::json;

class Parser {
 public:
  Parser(const YamlDocument& document, const std::string& path)
      : document_(document), directory_(path.substr(0, path.find_last_of('/') + 1)) {}

  Kubeconfig parse() {
    Kubeconfig result;
    Fields root(document_.value, "", problems);
    result.current_context = root.text("current-context");
    each(root, "clusters", "cluster",
         [&](const std::string& name, Fields& fields) { result.clusters.try_emplace(name, cluster(fields)); });
    each(root, "users", "user",
         [&](const std::string& name, Fields& fields) { result.users.try_emplace(name, user(fields)); });
    each(root, "contexts", "context", [&](const std::string& name, Fields& fields) {
      const Context context{fields.text("cluster"), fields.text("user"), fields.text("namespace")};
      result.contexts.try_emplace(name, context);
    });
    return result;
  }

  Problems problems;

 private:
  template <class Read>
  void each(Fields& root, const std::string& list, const std::string& member, const Read& read) {
    const json* entries = root.raw(list);
    if (entries == nullptr || entries->is_null()) return;
    std::size_t index = 0;
    for (const json* entry : root.objects(list)) {
      Fields fields(*entry, at_index(list, index++), problems);
      const std::string name = fields.required_text("name");
      const json* value = fields.object(member);
      if (value == nullptr) continue;
      Fields inner(*value, fields.path_of(member), problems);
      read(name, inner);
    }
  }

  Cluster cluster(Fields& fields) {
    Cluster cluster;
    cluster.server = fields.required_text("server");
    cluster.ca_file = file(fields, "certificate-authority");
    cluster.ca_pem = data(fields, "certificate-authority-data");
    cluster.server_name = fields.text("tls-server-name");
    cluster.proxy_url = fields.text("proxy-url");
    if (fields.boolean("insecure-skip-tls-verify").value_or(false)) {
      fields.problem("insecure-skip-tls-verify",
                     "the server's certificate is always verified; name what signed it in certificate-authority, and "
                     "the name that it was issued for in tls-server-name");
    }
    return cluster;
  }

  User user(Fields& fields) {
    User user;
    user.token = Secret(fields.text("token"));
    user.token_file = file(fields, "tokenFile");
    user.username = fields.text("username");
    user.password = Secret(fields.text("password"));
    user.certificate_file = file(fields, "client-certificate");
    user.certificate_pem = data(fields, "client-certificate-data");
    user.key_file = file(fields, "client-key");
    user.key_pem = Secret(data(fields, "client-key-data"));
    if (const json* exec = fields.object("exec")) {
      Fields inner(*exec, fields.path_of("exec"), problems);
      user.exec = plugin(inner);
    }
    if (fields.has("auth-provider")) {
      fields.problem("auth-provider", "is no longer part of Kubernetes; use exec with the provider's plugin");
    }
    const bool has_certificate = !user.certificate_file.empty() || !user.certificate_pem.empty();
    const bool has_key = !user.key_file.empty() || !user.key_pem.empty();
    if (has_certificate && !has_key) fields.problem("client-key", "required with client-certificate");
    if (has_key && !has_certificate) fields.problem("client-certificate", "required with client-key");
    return user;
  }

  ExecPlugin plugin(Fields& fields) {
    ExecPlugin plugin;
    plugin.command = fields.required_text("command");
    if (plugin.command.contains('/')) plugin.command = absolute(plugin.command);
    plugin.args = fields.texts("args");
    for (const json* variable : fields.objects("env")) {
      Fields inner(*variable, fields.path_of("env"), problems);
      const std::string name = inner.required_text("name");
      plugin.env[name] = inner.text("value");
    }
    plugin.api_version =
        fields.one_of("apiVersion", {"client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"}, "");
    if (plugin.api_version.empty() && !fields.has("apiVersion")) fields.problem("apiVersion", "required");
    plugin.install_hint = fields.text("installHint");
    plugin.provide_cluster_info = fields.boolean("provideClusterInfo").value_or(false);
    plugin.needs_terminal =
        fields.one_of("interactiveMode", {"Never", "IfAvailable", "Always"}, "IfAvailable") == "Always";
    return plugin;
  }

  [[nodiscard]] std::string absolute(const std::string& path) const {
    return path.empty() || path.starts_with('/') ? path : directory_ + path;
  }

  std::string file(Fields& fields, const std::string& key) { return absolute(fields.text(key)); }

  static std::string data(Fields& fields, const std::string& key) {
    const std::string encoded = fields.text(key);
    std::optional<std::string> decoded = from_base64(encoded);
    if (!decoded) fields.problem(key, "is not base64");
    return decoded.value_or("");
  }

  const YamlDocument& document_;
  std::string directory_;
};

}  // namespace

Result<Kubeconfig> parse_kubeconfig(std::string_view text, const std::string& path) {
  const Result<std::vector<YamlDocument>> documents = parse_yaml(text, path);
  if (!documents) return std::unexpected(documents.error());
  if (documents->empty()) return Kubeconfig{};
  const YamlDocument& document = documents->front();
  if (!document.value.is_object()) return fail(Errc::InvalidInput, path + ": is no kubeconfig: a mapping is expected");
  Parser parser(document, path);
  Kubeconfig result = parser.parse();
  if (!parser.problems.empty()) return fail(Errc::InvalidInput, describe(parser.problems, document, path));
  return result;
}

Kubeconfig merge(std::vector<Kubeconfig> files) {
  Kubeconfig result;
  for (Kubeconfig& file : files) {
    if (result.current_context.empty()) result.current_context = file.current_context;
    result.contexts.merge(file.contexts);  // what is there already stays
    result.clusters.merge(file.clusters);
    result.users.merge(file.users);
  }
  return result;
}

Result<Config> select(const Kubeconfig& kubeconfig, const std::string& context, const std::string& source) {
  const std::string name = context.empty() ? kubeconfig.current_context : context;
  if (name.empty()) {
    return fail(Errc::InvalidInput, source + ": current-context: is not set; set it, or name a context");
  }
  const auto chosen = kubeconfig.contexts.find(name);
  if (chosen == kubeconfig.contexts.end()) {
    std::string known;
    for (const auto& [other, unused] : kubeconfig.contexts) known += (known.empty() ? "" : ", ") + other;
    return fail(Errc::InvalidInput, source + ": contexts: there is none named \"" + name + "\"" +
                                        (known.empty() ? "" : "; there are: " + known));
  }
  const std::string where = source + ": context \"" + name + "\": ";
  const auto cluster = kubeconfig.clusters.find(chosen->second.cluster);
  if (cluster == kubeconfig.clusters.end()) {
    return fail(Errc::InvalidInput, where + "cluster: there is none named \"" + chosen->second.cluster + "\"");
  }
  Config config;
  config.cluster = cluster->second;
  config.context = name;
  if (!chosen->second.ns.empty()) config.ns = chosen->second.ns;
  if (chosen->second.user.empty()) return config;
  const auto user = kubeconfig.users.find(chosen->second.user);
  if (user == kubeconfig.users.end()) {
    return fail(Errc::InvalidInput, where + "user: there is none named \"" + chosen->second.user + "\"");
  }
  config.user = user->second;
  return config;
}

}  // namespace axon::kube
