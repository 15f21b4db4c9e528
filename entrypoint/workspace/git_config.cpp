#include "entrypoint/workspace/git_config.hpp"

#include <vector>

#include "core/letters.hpp"
#include "entrypoint/token.hpp"
#include "entrypoint/workspace/beneath.hpp"
#include "entrypoint/workspace/repo_url.hpp"

namespace axon {
namespace {

bool same_name(std::string_view a, std::string_view b) { return lower_case(a) == lower_case(b); }

/// A value without its quotes, escapes and comment.
std::string unquoted(std::string_view raw) {
  std::string value;
  bool quoted = false;
  std::size_t kept = 0;  // blanks at the end count only inside quotes
  for (std::size_t i = 0; i < raw.size(); ++i) {
    char c = raw[i];
    if (c == '"') {
      quoted = !quoted;
      continue;
    }
    if (!quoted && (c == '#' || c == ';')) break;
    const bool escaped = c == '\\' && i + 1 < raw.size();
    if (escaped) c = raw[++i] == 'n' ? '\n' : raw[i] == 't' ? '\t' : raw[i] == 'b' ? '\b' : raw[i];
    value += c;
    if (quoted || escaped || (c != ' ' && c != '\t' && c != '\r')) kept = value.size();
  }
  value.resize(kept);
  return value;
}

struct Header {
  std::string section;
  std::string subsection;
};

/// The "]" of a line that begins with "[": a subsection in quotes may hold others; npos if there is none.
std::size_t end_of_header(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (quoted && line[i] == '\\') ++i;
    if (!quoted && line[i] == ']') return i;
  }
  return std::string_view::npos;
}

/// What stands between the brackets: `section` or `section "subsection"`.
Header parse_header(std::string_view inside) {
  const std::size_t quote = inside.find('"');
  if (quote == std::string_view::npos) return {std::string(trimmed(inside)), ""};
  return {std::string(trimmed(inside.substr(0, quote))), unquoted(inside.substr(quote))};
}

/// As `git -c` hands a setting on to its children; git before 2.31 reads it too.
std::string parameter(const std::string& key, const std::string& value) {
  std::string quoted;
  for (const char c : value) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return "'" + key + "=" + quoted + "'";
}

/// Where git reads the configuration of machine and user, in its order.
std::vector<std::string> outer_files(const Environment& environment) {
  std::vector<std::string> files;
  if (value_of(environment, "GIT_CONFIG_NOSYSTEM").empty()) files.emplace_back("/etc/gitconfig");
  if (const std::string global = value_of(environment, "GIT_CONFIG_GLOBAL"); !global.empty()) {
    files.push_back(global);
    return files;
  }
  const std::string home = value_of(environment, "HOME");
  const std::string xdg = value_of(environment, "XDG_CONFIG_HOME");
  files.push_back((xdg.empty() ? home + "/.config" : xdg) + "/git/config");
  files.push_back(home + "/.gitconfig");
  return files;
}

}  // namespace

std::optional<std::string> config_value(std::string_view config, std::string_view section, std::string_view subsection,
                                        std::string_view key) {
  std::optional<std::string> value;
  bool inside = false;
  while (!config.empty()) {
    const std::size_t end = config.find('\n');
    std::string_view line = trimmed(config.substr(0, end));
    config = end == std::string_view::npos ? "" : config.substr(end + 1);
    const std::size_t close = line.starts_with('[') ? end_of_header(line) : std::string_view::npos;
    if (close != std::string_view::npos) {
      const Header header = parse_header(line.substr(1, close - 1));
      inside = same_name(header.section, section) && header.subsection == subsection;
      line = trimmed(line.substr(close + 1));
    }
    if (!inside || line.empty()) continue;
    const std::size_t equals = line.find('=');
    if (!same_name(trimmed(line.substr(0, equals)), key)) continue;
    value = equals == std::string_view::npos ? "true" : unquoted(trimmed(line.substr(equals + 1)));
  }
  return value;
}

Environment missing_identity(const std::string& repository, const Environment& environment) {
  std::vector<std::string> files = outer_files(environment);
  files.push_back(repository + "/.git/config");
  bool has_name = false;
  bool has_email = !value_of(environment, "EMAIL").empty();
  for (const std::string& file : files) {
    const std::string config = read_small_file(file).value_or("");
    has_name |= config_value(config, "user", "", "name").has_value();
    has_email |= config_value(config, "user", "", "email").has_value();
  }
  Environment missing;
  for (const std::string role : {"GIT_AUTHOR", "GIT_COMMITTER"}) {
    if (!has_name && value_of(environment, role + "_NAME").empty()) missing[role + "_NAME"] = "axon";
    if (!has_email && value_of(environment, role + "_EMAIL").empty()) missing[role + "_EMAIL"] = "axon@localhost";
  }
  return missing;
}

std::string settings_read_last(const std::string& repository, const Environment& environment) {
  std::vector<std::string> parameters;
  for (const std::string& file : outer_files(environment)) parameters.push_back(parameter("include.path", file));
  const std::string config = read_small_file(repository + "/.git/config").value_or("");
  const Result<RepoUrl> origin = parse_repo_url(config_value(config, "remote", "origin", "url").value_or(""));
  const std::string asked = origin ? credential_origin(*origin) : "";
  if (const auto helper = config_value(config, "credential", asked, "helper")) {
    parameters.push_back(parameter(asked.empty() ? "credential.helper" : "credential." + asked + ".helper", *helper));
  }
  for (const auto& [section, key] : {std::pair("core", "sshCommand"), std::pair("ssh", "variant")}) {
    const std::optional<std::string> value = config_value(config, section, "", key);
    if (value) parameters.push_back(parameter(std::string(section) + "." + key, *value));
  }
  if (const std::string own = value_of(environment, "GIT_CONFIG_PARAMETERS"); !own.empty()) parameters.push_back(own);
  std::string all;
  for (const std::string& each : parameters) all += (all.empty() ? "" : " ") + each;
  return all;
}

}  // namespace axon
