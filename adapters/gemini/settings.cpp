#include "adapters/gemini/settings.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <nlohmann/json.hpp>

#include "adapters/gemini/files.hpp"
#include "core/json_text.hpp"
#include "core/letters.hpp"

namespace axon::gemini {
namespace {

using nlohmann::ordered_json;

// Variables that make a program run other code. It drops them from an MCP server's environment without a word.
constexpr std::array kBlocked = std::to_array<std::string_view>({
    "NODE_OPTIONS",
    "NODE_CLI_FLAGS",
    "_FORCE_NODE_OPTIONS",
    "NODE_PATH",
    "ELECTRON_RUN_AS_NODE",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "RUBYOPT",
    "RUBYLIB",
    "PERL5OPT",
    "PERL5LIB",
    "PERL5DB",
    "LD_PRELOAD",
    "LD_AUDIT",
    "LD_DEBUG",
    "LD_PROFILE",
    "LD_LIBRARY_PATH",
    "BASH_ENV",
    "ENV",
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "CLASSPATH",
    "DOTNET_STARTUP_HOOKS",
    "CORECLR_PROFILER_PATH",
    "CORECLR_ENABLE_PROFILING",
});

bool is_blocked(std::string_view name) { return std::ranges::find(kBlocked, upper_case(name)) != kBlocked.end(); }

std::string replaced(std::string_view text, std::string_view dollar) {
  std::string out;
  for (const char c : text) out += c == '$' ? dollar : std::string_view(&c, 1);
  return out;
}

/// $NAME and ${NAME} are expanded in every string of the file. The default of a variable that nobody sets is a dollar
/// that stays one.
std::string literal(std::string_view text) { return replaced(text, "${AXON_LITERAL_DOLLAR:-$}"); }

/// Headers and env are expanded once more, by rules in which a backslash makes the dollar an ordinary character.
ordered_json twice_literal(const std::map<std::string, std::string>& values) {
  ordered_json out = ordered_json::object();
  for (const auto& [name, value] : values) out[name] = literal(replaced(value, "\\$"));
  return out;
}

Result<ordered_json> server_json(const McpServer& server) {
  for (const auto& [name, value] : server.env) {
    if (!is_blocked(name)) continue;
    return fail(Errc::InvalidInput, "mcpServers." + server.name + ".env." + name +
                                        ": Gemini CLI does not hand this variable to MCP servers; set it in a script "
                                        "that starts the server");
  }
  ordered_json out = ordered_json::object();
  if (server.type == McpServer::Type::Stdio) {
    out["command"] = literal(server.command);
    out["args"] = ordered_json::array();
    for (const std::string& argument : server.args) out["args"].push_back(literal(argument));
    out["env"] = twice_literal(server.env);
  } else {
    out["url"] = literal(server.url);
    out["type"] = server.type == McpServer::Type::Sse ? "sse" : "http";
    out["headers"] = twice_literal(server.headers);
  }
  return out;
}

/// The object at these keys, made where nothing is.
Result<ordered_json*> object_at(ordered_json& settings, std::initializer_list<const char*> keys,
                                const std::string& path) {
  ordered_json* at = &settings;
  std::string where;
  for (const char* key : keys) {
    where += (where.empty() ? "" : ".") + std::string(key);
    at = &(*at)[key];
    if (at->is_null()) *at = ordered_json::object();
    if (!at->is_object()) {
      return fail(Errc::InvalidInput, path + ": " + where + ": expected an object; repair or remove it");
    }
  }
  return at;
}

Result<void> set_default(ordered_json& settings, std::initializer_list<const char*> keys, const char* key,
                         const ordered_json& value, const std::string& path) {
  const Result<ordered_json*> object = object_at(settings, keys, path);
  if (!object) return std::unexpected(object.error());
  if (!(*object)->contains(key)) (**object)[key] = value;
  return {};
}

/// With a key and a base URL alone it takes the URL for a gateway's and finds no credential.
bool uses_api_key(const AgentTask& task) {
  return !variable(task, "GEMINI_API_KEY").empty() && variable(task, "GOOGLE_GENAI_USE_VERTEXAI") != "true" &&
         variable(task, "GOOGLE_GENAI_USE_GCA") != "true";
}

Result<void> add_servers(ordered_json& settings, const AgentTask& task, const std::string& path) {
  const Result<ordered_json*> servers = object_at(settings, {"mcpServers"}, path);
  if (!servers) return std::unexpected(servers.error());
  for (const McpServer& server : task.mcp_servers) {
    Result<ordered_json> made = server_json(server);
    if (!made) return std::unexpected(made.error());
    (**servers)[server.name] = *std::move(made);
  }
  return {};
}

}  // namespace

Result<std::string> with_settings(std::string_view existing, const AgentTask& task, const std::string& path) {
  const bool is_blank = existing.find_first_not_of(" \t\r\n") == std::string_view::npos;
  ordered_json settings = is_blank ? ordered_json::object()
                                   : ordered_json::parse(existing, nullptr, /*allow_exceptions=*/false,
                                                         /*ignore_comments=*/true);
  if (!settings.is_object()) {
    return fail(Errc::InvalidInput, path + ": not a JSON object; repair or remove it, so that Gemini CLI can start");
  }
  Result<void> set = set_default(settings, {"privacy"}, "usageStatisticsEnabled", false, path);
  if (set) set = set_default(settings, {"context", "fileFiltering"}, "enableRecursiveFileSearch", false, path);
  if (set && uses_api_key(task))
    set = set_default(settings, {"security", "auth"}, "selectedType", "gemini-api-key", path);
  if (set && !task.mcp_servers.empty()) set = add_servers(settings, task, path);
  if (!set) return std::unexpected(set.error());
  return json_text(settings, 2) + "\n";
}

}  // namespace axon::gemini
