#include "adapters/config/servers.hpp"

#include "adapters/config/toml.hpp"
#include "core/json_text.hpp"
#include "core/yaml.hpp"

namespace axon::config {
namespace {

using nlohmann::ordered_json;

std::optional<ordered_json> parse(std::string_view text, Format format) {
  if (format == Format::Toml) return parse_toml(text);
  if (format == Format::Yaml) {
    Result<std::vector<YamlDocument>> documents = parse_yaml(text, "");
    if (!documents || documents->size() > 1) return std::nullopt;
    return documents->empty() ? ordered_json::object() : ordered_json(documents->front().value);
  }
  ordered_json document = ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  return document.is_discarded() ? std::nullopt : std::optional(std::move(document));
}

std::string_view name_of(Format format) {
  switch (format) {
    case Format::Json:
      return "JSON object";
    case Format::Yaml:
      return "YAML mapping";
    case Format::Toml:
      break;
  }
  return "TOML document";
}

}  // namespace

Result<std::string> with_servers(std::string_view existing, Format format, const std::vector<std::string>& key,
                                 const ordered_json& servers, const std::string& path) {
  const bool is_blank = existing.find_first_not_of(" \t\r\n") == std::string_view::npos;
  std::optional<ordered_json> document = is_blank ? ordered_json::object() : parse(existing, format);
  if (!document || !document->is_object()) {
    return fail(Errc::InvalidInput, path + ": not a " + std::string(name_of(format)) +
                                        "; repair or remove it, so that the MCP servers can be added");
  }
  ordered_json* table = &*document;
  std::string where;
  for (const std::string& part : key) {
    where += (where.empty() ? "" : ".") + part;
    table = &(*table)[part];
    if (table->is_null()) *table = ordered_json::object();
    if (!table->is_object()) {
      return fail(Errc::InvalidInput, path + ": " + where + ": expected a table of MCP servers; repair or remove it");
    }
  }
  for (const auto& [name, server] : servers.items()) (*table)[name] = server;
  if (format == Format::Toml) return to_toml(*document);
  if (format == Format::Yaml) *document = nlohmann::json(*document);  // sorted, as it is read the next time
  return json_text(*document, 2) + "\n";
}

}  // namespace axon::config
