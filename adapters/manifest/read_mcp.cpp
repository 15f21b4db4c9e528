#include <array>

#include "adapters/manifest/read.hpp"
#include "core/mcp.hpp"

namespace axon::manifest {
namespace {

using nlohmann::json;

constexpr std::array kTypes = {McpServer::Type::Stdio, McpServer::Type::Http, McpServer::Type::Sse};

std::vector<std::string> parts_of(McpServer::Type type) {
  if (type == McpServer::Type::Stdio) return {"command", "args", "env"};
  return {"url", "headers"};
}

/// As most agents write it: {"type": …} and the fields under their own names.
ServerShape usual_shape(McpServer::Type type) {
  ServerShape shape;
  shape.set["type"] = to_string(type);
  for (const std::string& part : parts_of(type)) shape.names[part] = part;
  return shape;
}

ServerShape read_shape(const json& section, McpServer::Type type, const std::string& path, Problems& problems) {
  ServerShape shape;
  Fields fields(section, path, problems);
  shape.set = fields.text_map("set");
  for (const std::string& part : parts_of(type)) {
    if (const std::string name = fields.text(part); !name.empty()) shape.names[part] = name;
  }
  if (type == McpServer::Type::Stdio) {
    if (const std::string name = fields.text("commandLine"); !name.empty()) shape.names["commandLine"] = name;
    const bool has_command = shape.names.contains("command") && shape.names.contains("args");
    if (has_command == shape.names.contains("commandLine")) {
      fields.problem("", "expected either command and args, or commandLine (a list of the command and its arguments)");
    }
  } else if (!shape.names.contains("url")) {
    fields.problem("url", "required: the name of the field that takes the URL");
  }
  fields.done();
  return shape;
}

}  // namespace

McpFile read_mcp(const json& section, const std::string& path, Problems& problems) {
  McpFile out;
  Fields fields(section, path, problems);
  out.file = fields.required_text("file");
  const std::string format = fields.one_of("format", {"json", "yaml", "toml"}, "json");
  if (format == "yaml") out.format = McpFile::Format::Yaml;
  if (format == "toml") out.format = McpFile::Format::Toml;
  out.key = fields.texts("key");
  if (out.key.empty()) out.key = {"mcpServers"};
  const json* transports = fields.object("transports");
  for (const McpServer::Type type : kTypes) {
    if (transports == nullptr) out.transports[type] = usual_shape(type);
  }
  if (transports != nullptr) {
    const std::string inner_path = fields.path_of("transports");
    Fields inner(*transports, inner_path, problems);
    for (const McpServer::Type type : kTypes) {
      const std::string name(to_string(type));
      const json* shape = inner.object(name);
      if (shape != nullptr) out.transports[type] = read_shape(*shape, type, inner_path + "." + name, problems);
    }
    inner.done();
  }
  fields.done();
  return out;
}

}  // namespace axon::manifest
