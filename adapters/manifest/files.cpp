#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/config/servers.hpp"
#include "adapters/manifest/plan.hpp"
#include "adapters/manifest/text.hpp"
#include "core/mcp.hpp"

namespace axon::manifest {
namespace {

using nlohmann::ordered_json;

std::vector<std::string> command_line(const McpServer& server) {
  std::vector<std::string> words = {server.command};
  words.insert(words.end(), server.args.begin(), server.args.end());
  return words;
}

ordered_json part_json(const McpServer& server, const std::string& part) {
  if (part == "command") return server.command;
  if (part == "commandLine") return command_line(server);
  if (part == "args") return server.args;
  if (part == "env") return server.env;
  if (part == "url") return server.url;
  return server.headers;
}

void put_part(const McpServer& server, const std::string& part, const std::string& field, ordered_json& out) {
  ordered_json value = part_json(server, part);
  if (!value.empty() || part == "args") out[field] = std::move(value);
}

Result<ordered_json> server_json(const Manifest& manifest, const McpServer& server) {
  const auto shape = manifest.mcp->transports.find(server.type);
  if (shape == manifest.mcp->transports.end()) {
    return fail(Errc::InvalidInput, "mcpServers." + server.name + ": the agent " + manifest.name +
                                        " has no MCP servers of type " + std::string(to_string(server.type)));
  }
  ordered_json out = ordered_json::object();
  for (const auto& [field, value] : shape->second.set) out[field] = value;
  for (const auto& [part, field] : shape->second.names) put_part(server, part, field, out);
  const auto refuse = [&](const char* part, bool is_given) -> bool {
    return is_given && !shape->second.names.contains(part);
  };
  for (const auto& [part, is_given] :
       {std::pair("env", !server.env.empty()), std::pair("headers", !server.headers.empty())}) {
    if (!refuse(part, is_given)) continue;
    return fail(Errc::InvalidInput, "mcpServers." + server.name + "." + part + ": the agent " + manifest.name +
                                        " takes none with type " + std::string(to_string(server.type)));
  }
  return out;
}

config::Format format_of(McpFile::Format format) {
  if (format == McpFile::Format::Yaml) return config::Format::Yaml;
  return format == McpFile::Format::Toml ? config::Format::Toml : config::Format::Json;
}

class Copy {
 public:
  Copy(const Manifest& manifest, const AgentTask& task, const FileView& files)
      : manifest_(manifest), task_(task), files_(files) {}

  Result<std::vector<File>> run() {
    for (const Plugin& plugin : task_.plugins) {
      for (const std::string& skill : plugin.skills) {
        if (auto done = skill_files(plugin, skill); !done) return std::unexpected(done.error());
      }
      for (const std::string& agent : plugin.agents) {
        const std::string name = agent + ".md";
        if (auto done = file(plugin, plugin.directory + "/agents/" + name, "agents", manifest_.agents, name); !done) {
          return std::unexpected(done.error());
        }
      }
    }
    return std::move(out_);
  }

 private:
  Result<void> skill_files(const Plugin& plugin, const std::string& skill) {
    const std::string from = plugin.directory + "/skills/" + skill;
    for (const std::string& path : files_.list(from)) {
      const std::string name = skill + path.substr(from.size());
      if (auto done = file(plugin, path, "skills", manifest_.skills, name); !done) return done;
    }
    return {};
  }

  Result<void> file(const Plugin& plugin, const std::string& from, const char* kind, const std::string& directory,
                    const std::string& name) {
    if (directory.empty()) {
      return fail(Errc::InvalidInput,
                  "plugins." + plugin.name + ": the agent " + manifest_.name + " has no place for " + kind);
    }
    Result<std::string> to = expand_path(directory, task_.env);
    if (!to) return wrap(std::string(kind) + ".directory", std::move(to).error());
    Result<std::optional<std::string>> content = files_.read(from);
    if (!content) return std::unexpected(std::move(content).error());
    if (!*content) return fail(Errc::NotFound, "plugins." + plugin.name + ": " + from + ": no such file");
    const std::string path = *to + "/" + name;
    if (std::ranges::find(out_, path, &File::path) != out_.end()) {
      return fail(Errc::InvalidInput,
                  "plugins." + plugin.name + ": " + kind + "/" + name +
                      " is in another plugin too, and this agent keeps all of them in one directory");
    }
    // The view does not tell the mode; a script beside a SKILL.md has to run.
    const unsigned mode = (*content)->starts_with("#!") ? 0755 : 0644;
    out_.push_back({path, *std::move(*content), mode});
    return {};
  }

  const Manifest& manifest_;
  const AgentTask& task_;
  const FileView& files_;
  std::vector<File> out_;
};

bool takes_whole_plugins(const Manifest& manifest) {
  return std::ranges::any_of(manifest.command, [](const Arguments& a) { return a.when == When::Plugin; });
}

}  // namespace

Result<std::vector<File>> plugin_files(const Manifest& manifest, const AgentTask& task, const FileView& files) {
  if (takes_whole_plugins(manifest)) return {};
  return Copy(manifest, task, files).run();
}

Result<File> mcp_file(const Manifest& manifest, const AgentTask& task, const FileView& files) {
  if (!manifest.mcp) {
    return fail(Errc::InvalidInput,
                "mcpServers: the agent " + manifest.name + " has no MCP support (its manifest has no mcp)");
  }
  Result<std::string> path = expand_path(manifest.mcp->file, task.env);
  if (!path) return wrap("mcp.file", std::move(path).error());
  ordered_json servers = ordered_json::object();
  for (const McpServer& server : task.mcp_servers) {
    Result<ordered_json> json = server_json(manifest, server);
    if (!json) return std::unexpected(std::move(json).error());
    servers[server.name] = *std::move(json);
  }
  Result<std::optional<std::string>> existing = files.read(*path);
  if (!existing) return std::unexpected(std::move(existing).error());
  Result<std::string> content =
      config::with_servers(existing->value_or(""), format_of(manifest.mcp->format), manifest.mcp->key, servers, *path);
  if (!content) return std::unexpected(std::move(content).error());
  return File{*std::move(path), *std::move(content), 0600};
}

}  // namespace axon::manifest
