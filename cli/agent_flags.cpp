#include "cli/agent_flags.hpp"

#include <algorithm>

#include "cli/text.hpp"
#include "core/mcp.hpp"
#include "core/names.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

Result<void> put_documents(std::vector<PluginDocument>& documents, const std::vector<std::string>& values,
                           const std::string& flag, const World& world) {
  for (const std::string& value : values) {
    Result<NamedContent> named = named_content(value, flag, world);
    if (!named) return std::unexpected(named.error());
    std::erase_if(documents, [&](const PluginDocument& other) { return other.name == named->name; });
    documents.push_back({named->name, named->content});
  }
  return {};
}

PluginSource& own_plugin(AgentConfigSpec& config) {
  const auto found = std::ranges::find(config.plugins, "axon", &PluginSource::name);
  if (found != config.plugins.end()) return *found;
  config.plugins.push_back({.name = "axon", .skills = {}, .agents = {}});
  return config.plugins.back();
}

Result<McpServer> mcp_server(const std::string& value, const World& world) {
  const Result<NamedContent> named = named_content(value, "--mcp", world);
  if (!named) return std::unexpected(named.error());
  const std::string source = "--mcp " + named->name;
  const json object = json::parse(named->content, nullptr, /*allow_exceptions=*/false);
  if (object.is_discarded()) {
    return fail(Errc::InvalidInput,
                source + ": not valid JSON; expected for example {\"type\":\"http\",\"url\":\"https://…\"}");
  }
  Problems problems;
  Fields fields(object, "", problems);
  McpServer server = read_mcp_server(named->name, fields);
  fields.done();
  if (!problems.empty()) return fail(Errc::InvalidInput, to_string(problems, source));
  return server;
}

}  // namespace

Result<std::string> text_or_file(const std::string& value, const std::string& flag, const World& world) {
  if (!value.starts_with('@')) return value;
  Result<std::string> content = world.read(value.substr(1));
  if (!content) return wrap(flag, content.error());
  if (const auto text = check_text(*content, flag); !text) return std::unexpected(text.error());
  return content;
}

Result<NamedContent> named_content(const std::string& value, const std::string& flag, const World& world) {
  const std::size_t equals = value.find('=');
  if (equals == std::string::npos || equals == 0) {
    return fail(Errc::InvalidInput,
                flag + ": expected NAME=CONTENT or NAME=@FILE, found \"" + value.substr(0, 60) + "\"");
  }
  NamedContent named{value.substr(0, equals), {}};
  if (!is_path_component(named.name)) {
    return fail(Errc::InvalidInput, flag + ": the name \"" + named.name +
                                        "\" must be one path component: no \"/\", \"\\\", \".\" or \"..\"");
  }
  Result<std::string> content = text_or_file(value.substr(equals + 1), flag + " " + named.name, world);
  if (!content) return std::unexpected(content.error());
  named.content = std::move(*content);
  return named;
}

Result<void> apply_agent_flags(AgentConfigSpec& config, const RunOptions& options, const World& world) {
  if (!options.agents_md.empty()) {
    Result<std::string> text = text_or_file(options.agents_md, "--agents-md", world);
    if (!text) return std::unexpected(text.error());
    config.agents_md = std::move(*text);
  }
  if (!options.skills.empty() || !options.agents.empty()) {
    PluginSource& plugin = own_plugin(config);
    if (auto put = put_documents(plugin.skills, options.skills, "--skill", world); !put) return put;
    if (auto put = put_documents(plugin.agents, options.agents, "--agent", world); !put) return put;
  }
  for (const std::string& value : options.mcp) {
    Result<McpServer> server = mcp_server(value, world);
    if (!server) return std::unexpected(server.error());
    std::erase_if(config.mcp_servers, [&](const McpServer& other) { return other.name == server->name; });
    config.mcp_servers.push_back(std::move(*server));
  }
  return {};
}

Result<std::vector<std::string>> setup_command(const std::string& value) {
  if (value.empty()) return std::vector<std::string>{};
  if (!value.starts_with('[')) return std::vector<std::string>{"/bin/sh", "-c", value};
  const json array = json::parse(value, nullptr, /*allow_exceptions=*/false);
  const auto is_text = [](const json& item) { return item.is_string(); };
  if (!array.is_array() || array.empty() || !std::ranges::all_of(array, is_text)) {
    return fail(Errc::InvalidInput,
                "--setup: expected a command line, or a JSON array of strings such as [\"npm\",\"ci\"]");
  }
  return array.get<std::vector<std::string>>();
}

}  // namespace axon::cli
