#include "cli/sandbox.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace axon::cli {
namespace {

constexpr const char* kVisibleEtc[] = {"resolv.conf",
                                       "hosts",
                                       "host.conf",
                                       "gai.conf",
                                       "nsswitch.conf",
                                       "ssl",
                                       "ca-certificates",
                                       "ca-certificates.conf",
                                       "pki",
                                       "crypto-policies",
                                       "passwd",
                                       "group",
                                       "ld.so.cache",
                                       "ld.so.conf",
                                       "ld.so.conf.d",
                                       "alternatives",
                                       "gitconfig",
                                       "localtime",
                                       "timezone",
                                       "mime.types",
                                       "services",
                                       "protocols",
                                       "os-release",
                                       "debian_version",
                                       "locale.alias",
                                       "locale.conf",
                                       "fonts",
                                       "profile",
                                       "bash.bashrc",
                                       "inputrc",
                                       "terminfo",
                                       "magic",
                                       "perl"};

// The root is empty and read-only; these are there, empty and writable.
constexpr std::array<const char*, 5> kEmptied = {"/tmp", "/home", "/root", "/run", "/var/tmp"};

void append(std::vector<std::string>& argv, std::initializer_list<std::string> words) {
  argv.insert(argv.end(), words.begin(), words.end());
}

}  // namespace

std::vector<std::string> sandbox_argv(const SandboxSpec& spec) {
  std::vector<std::string> argv = {spec.bwrap,      "--unshare-pid", "--unshare-ipc",
                                   "--unshare-uts", "--as-pid-1",    "--die-with-parent",
                                   "--new-session", "--cap-drop",    "ALL"};
  append(argv, {"--hostname", "axon"});
  for (const std::string& directory : spec.system) append(argv, {"--ro-bind-try", directory, directory});
  append(argv, {"--dir", "/var", "--dir", "/etc"});
  for (const std::string& path : visible_etc()) append(argv, {"--ro-bind-try", path, path});
  append(argv, {"--proc", "/proc", "--dev", "/dev"});
  for (const char* directory : kEmptied) append(argv, {"--tmpfs", directory});
  for (const auto& [path, target] : spec.links) append(argv, {"--symlink", target, path});
  for (const Bind& bind : spec.binds) append(argv, {bind.writable ? "--bind" : "--ro-bind", bind.from, bind.to});
  append(argv, {"--remount-ro", "/"});
  if (!spec.working_directory.empty()) append(argv, {"--chdir", spec.working_directory});
  if (spec.info_descriptor >= 0) append(argv, {"--info-fd", std::to_string(spec.info_descriptor)});
  argv.emplace_back("--");
  argv.insert(argv.end(), spec.command.begin(), spec.command.end());
  return argv;
}

const std::vector<std::string>& visible_etc() {
  static const std::vector<std::string> kPaths = [] {
    std::vector<std::string> paths;
    for (const char* name : kVisibleEtc) paths.push_back(std::string("/etc/") + name);
    return paths;
  }();
  return kPaths;
}

bool is_below(const std::string& path, const std::vector<std::string>& directories) {
  return std::ranges::any_of(directories, [&](const std::string& directory) {
    return path == directory || directory == "/" || path.starts_with(directory + "/");
  });
}

std::string visible_path(const std::string& path, const std::vector<std::string>& visible,
                         const std::vector<std::string>& first) {
  std::vector<std::string> entries = first;
  for (std::string_view rest = path; !rest.empty();) {
    const std::string entry(rest.substr(0, rest.find(':')));
    rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
    if (entry.starts_with('/') && is_below(entry, visible)) entries.push_back(entry);
  }
  for (const char* usual : {"/usr/local/bin", "/usr/bin", "/bin"}) entries.emplace_back(usual);
  std::string text;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto here = entries.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(entries.begin(), here, entries[i]) != here) continue;
    text += (text.empty() ? "" : ":") + entries[i];
  }
  return text;
}

bool passes_into_sandbox(const std::string& name) {
  static constexpr std::array<std::string_view, 25> kNames = {"LANG",
                                                              "LANGUAGE",
                                                              "TERM",
                                                              "COLORTERM",
                                                              "TZ",
                                                              "HTTP_PROXY",
                                                              "HTTPS_PROXY",
                                                              "NO_PROXY",
                                                              "ALL_PROXY",
                                                              "http_proxy",
                                                              "https_proxy",
                                                              "no_proxy",
                                                              "all_proxy",
                                                              "SSL_CERT_FILE",
                                                              "SSL_CERT_DIR",
                                                              "GIT_SSL_CAINFO",
                                                              "GIT_SSL_CAPATH",
                                                              "NODE_EXTRA_CA_CERTS",
                                                              "REQUESTS_CA_BUNDLE",
                                                              "CURL_CA_BUNDLE",
                                                              "GIT_AUTHOR_NAME",
                                                              "GIT_AUTHOR_EMAIL",
                                                              "GIT_COMMITTER_NAME",
                                                              "GIT_COMMITTER_EMAIL",
                                                              "DISABLE_TELEMETRY"};
  // The credential of the Task comes by its own way, once it is known which kind is meant.
  if (name == "CLAUDE_CODE_OAUTH_TOKEN") return false;
  return std::ranges::find(kNames, name) != kNames.end() || name.starts_with("LC_") || name.ends_with("_BASE_URL") ||
         name.starts_with("CLAUDE_CODE_");
}

}  // namespace axon::cli
