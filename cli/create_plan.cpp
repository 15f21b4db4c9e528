#include "cli/create_plan.hpp"

#include "cli/agent_flags.hpp"
#include "cli/git_source.hpp"
#include "core/agent_config.hpp"
#include "core/documents.hpp"
#include "core/encoding.hpp"
#include "core/letters.hpp"
#include "core/mcp.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

json object_of(std::string_view version, const char* kind, const std::string& name) {
  return {{"apiVersion", version}, {"kind", kind}, {"metadata", {{"name", name}}}};
}

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

Result<std::string> read_token(const std::string& flag, const World& world) {
  const Result<std::string> text = flag == "-" ? world.read("-") : text_or_file(flag, "--token", world);
  if (!text) return std::unexpected(text.error());
  const std::string token(trimmed(*text));
  if (token.empty()) return fail(Errc::InvalidInput, "--token: empty");
  return token;
}

Result<json> documents(const std::vector<std::string>& values, const char* flag, const World& world) {
  json list = json::array();
  for (const std::string& value : values) {
    Result<NamedContent> one = named_content(value, flag, world);
    if (!one) return std::unexpected(one.error());
    list.push_back({{"name", std::move(one->name)}, {"content", std::move(one->content)}});
  }
  return list;
}

Result<json> mcp_server(const std::string& value, const World& world) {
  const Result<NamedContent> named = named_content(value, "--mcp", world);
  if (!named) return std::unexpected(named.error());
  json server = json::parse(named->content, nullptr, /*allow_exceptions=*/false);
  if (!server.is_object()) {
    return fail(
        Errc::InvalidInput,
        "--mcp " + named->name + ": no JSON object; expected for example {\"type\":\"http\",\"url\":\"https://…\"}");
  }
  server["name"] = named->name;
  Problems problems;
  const AgentConfigSpec read = read_agent_config_spec({{"mcpServers", json::array({server})}}, "", problems);
  for (Problem& problem : problems) {
    constexpr std::string_view kElement = "mcpServers[0]";
    if (problem.path.starts_with(kElement)) problem.path.erase(0, std::min(problem.path.size(), kElement.size() + 1));
  }
  if (!problems.empty()) return fail(Errc::InvalidInput, to_string(problems, "--mcp " + named->name));
  server["type"] = to_string(read.mcp_servers.front().type);
  return server;
}

}  // namespace

Result<std::vector<json>> plan_workspace(const WorkspaceFlags& flags, const World& world) {
  if (!flags.secret.empty() && !flags.token.empty()) {
    return fail(Errc::InvalidInput, "give either --secret, which is there already, or --token");
  }
  if (const auto usable = check_repo(flags.repo, "--repo"); !usable) return std::unexpected(usable.error());
  json workspace = object_of(kApiVersion, "Workspace", flags.name);
  std::string secret = flags.secret;
  std::vector<json> plan;
  if (!flags.token.empty()) {
    const Result<std::string> token = read_token(flags.token, world);
    if (!token) return std::unexpected(token.error());
    secret = flags.name + "-credentials";
    plan.push_back(object_of("v1", "Secret", secret));
    plan.back()["data"]["GITHUB_TOKEN"] = to_base64(*token);
  }
  workspace["spec"] = {{"repo", flags.repo}, {"ref", text_or_null(flags.ref)}, {"secretRef", json()}};
  if (!secret.empty()) workspace["spec"]["secretRef"] = {{"name", secret}};
  plan.push_back(std::move(workspace));
  return plan;
}

Result<json> plan_agent_config(const AgentConfigFlags& flags, const World& world) {
  json config = object_of(kApiVersion, "AgentConfig", flags.name);
  json& spec = config["spec"] = {{"agentsMD", json()}, {"plugins", json()}, {"mcpServers", json()}};
  if (!flags.agents_md.empty()) {
    const Result<std::string> text = text_or_file(flags.agents_md, "--agents-md", world);
    if (!text) return std::unexpected(text.error());
    spec["agentsMD"] = *text;
  }
  const Result<json> skills = documents(flags.skills, "--skill", world);
  if (!skills) return std::unexpected(skills.error());
  const Result<json> agents = documents(flags.agents, "--agent", world);
  if (!agents) return std::unexpected(agents.error());
  if (!skills->empty() || !agents->empty()) {
    json plugin = {{"name", "axon"}};
    if (!skills->empty()) plugin["skills"] = *skills;
    if (!agents->empty()) plugin["agents"] = *agents;
    spec["plugins"] = json::array({plugin});
  }
  for (const std::string& value : flags.mcp) {
    Result<json> server = mcp_server(value, world);
    if (!server) return std::unexpected(server.error());
    spec["mcpServers"].push_back(*std::move(server));
  }
  return config;
}

}  // namespace axon::cli
