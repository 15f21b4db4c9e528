#include "adapters/manifest/read.hpp"

#include <algorithm>
#include <array>

#include "adapters/manifest/text.hpp"
#include "core/contract.hpp"
#include "core/names.hpp"

namespace axon::manifest {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<std::string_view, When>, 4> kWhens = {
    {{"model", When::Model}, {"mcp", When::Mcp}, {"instructions", When::Instructions}, {"plugin", When::Plugin}}};

// Each placeholder and what must be asked for so that it has a value.
constexpr std::array<std::pair<std::string_view, When>, 6> kPlaceholders = {{{"model", When::Model},
                                                                             {"mcpFile", When::Mcp},
                                                                             {"instructionsFile", When::Instructions},
                                                                             {"pluginDir", When::Plugin},
                                                                             {"prompt", When::Always},
                                                                             {"promptFile", When::Always}}};

std::string name_of(When when) {
  for (const auto& [name, value] : kWhens) {
    if (value == when) return std::string(name);
  }
  return "";
}

bool is_variable_name(const std::string& name) {
  const auto is_part = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::ranges::all_of(name, is_part);
}

void check_word(const Manifest& manifest, const std::string& word, When when, const std::string& path,
                Problems& problems) {
  for (const std::string& name : placeholders(word)) {
    const auto found = std::ranges::find(kPlaceholders, name, [](const auto& pair) { return std::string(pair.first); });
    if (found == kPlaceholders.end()) {
      problems.push_back({path, "unknown placeholder {" + name +
                                    "}; known are {model}, {prompt}, {promptFile}, {mcpFile}, {instructionsFile} and "
                                    "{pluginDir}; write {{" +
                                    name + "}} if it is meant as text"});
    } else if (found->second != When::Always && found->second != when) {
      problems.push_back(
          {path, "{" + name + "} may have no value; put it under {when: " + name_of(found->second) + ", args: […]}"});
    } else if ((name == "prompt" && manifest.prompt != PromptBy::Argument) ||
               (name == "promptFile" && manifest.prompt != PromptBy::File)) {
      problems.push_back({path, "{" + name + "} needs prompt: " + (name == "prompt" ? "argument" : "file")});
    }
  }
}

Arguments read_group(const json& item, const std::string& path, Problems& problems) {
  Arguments group;
  Fields fields(item, path, problems);
  const std::string when = fields.required_text("when");
  const auto found = std::ranges::find(kWhens, when, [](const auto& pair) { return std::string(pair.first); });
  if (found != kWhens.end()) {
    group.when = found->second;
  } else if (!when.empty()) {
    fields.problem("when", "expected one of model, mcp, instructions, plugin, found \"" + when + "\"");
  }
  group.words = fields.texts("args");
  if (group.words.empty()) fields.problem("args", "required: the arguments to add");
  fields.done();
  return group;
}

void read_command(const json* list, Manifest& manifest, Problems& problems) {
  if (list == nullptr || !list->is_array() || list->empty()) {
    problems.push_back({"command", "required: a list, the program first"});
    return;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const json& item = (*list)[i];
    const std::string path = "command[" + std::to_string(i) + "]";
    if (item.is_object() && i > 0) {
      manifest.command.push_back(read_group(item, path, problems));
    } else if (item.is_string()) {
      manifest.command.push_back({When::Always, {item.get<std::string>()}});
    } else {
      problems.push_back({path, i == 0 ? "expected the program's name or path"
                                       : "expected a string or {when, args}; quote it if it is meant as text"});
      continue;
    }
    for (const std::string& word : manifest.command.back().words) {
      check_word(manifest, word, manifest.command.back().when, path, problems);
    }
  }
}

void read_prompt(Fields& fields, Manifest& manifest) {
  const std::string by = fields.one_of("prompt", {"stdin", "argument", "file"}, "stdin");
  if (by == "argument") manifest.prompt = PromptBy::Argument;
  if (by == "file") manifest.prompt = PromptBy::File;
}

void read_environment(Fields& fields, Manifest& manifest, Problems& problems) {
  manifest.credentials = fields.texts("credentials");
  for (std::size_t i = 0; i < manifest.credentials.size(); ++i) {
    if (is_variable_name(manifest.credentials[i])) continue;
    fields.problem("credentials[" + std::to_string(i) + "]", "expected the name of a variable, as in MY_API_KEY");
  }
  manifest.env = fields.text_map("env");
  for (const auto& [name, value] : manifest.env) {
    const std::string path = fields.path_of("env." + name);
    if (!is_variable_name(name)) problems.push_back({path, "not the name of a variable"});
    // A variable whose placeholder has no value is left out, so none needs a `when`.
    for (const std::string& placeholder : placeholders(value)) {
      const auto known =
          std::ranges::find(kPlaceholders, placeholder, [](const auto& p) { return std::string(p.first); });
      if (known != kPlaceholders.end() && placeholder != "prompt" && placeholder != "pluginDir") continue;
      problems.push_back({path, "{" + placeholder +
                                    "} cannot be used here; {model}, {promptFile}, {mcpFile} and "
                                    "{instructionsFile} can; write {{" +
                                    placeholder + "}} if it is meant as text"});
    }
  }
}

void read_instructions(Fields& fields, Manifest& manifest, Problems& problems) {
  const json* section = fields.object("instructions");
  if (section == nullptr) return;
  Fields inner(*section, "instructions", problems);
  InstructionsFile out;
  out.file = inner.required_text("file");
  out.replace = inner.one_of("mode", {"block", "replace"}, "block") == "replace";
  inner.done();
  manifest.instructions = out;
}

void read_directories(Fields& fields, Manifest& manifest, Problems& problems) {
  for (const auto& [key, target] : {std::pair("skills", &manifest.skills), std::pair("agents", &manifest.agents)}) {
    const json* section = fields.object(key);
    if (section == nullptr) continue;
    Fields inner(*section, key, problems);
    *target = inner.required_text("directory");
    inner.done();
  }
}

void read_end(Fields& fields, Manifest& manifest) {
  const std::map<std::string, int> signals = {
      {"SIGTERM", SIGTERM}, {"SIGINT", SIGINT}, {"SIGQUIT", SIGQUIT}, {"SIGHUP", SIGHUP}, {"SIGUSR1", SIGUSR1}};
  manifest.stop_signal =
      signals.at(fields.one_of("stopSignal", {"SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1"}, "SIGTERM"));
  const bool has_result =
      std::ranges::any_of(manifest.stream.rules, [](const Rule& r) { return r.kind == EventKind::Result; });
  const std::string success = fields.one_of("success", {"exitCode", "result"}, has_result ? "result" : "exitCode");
  manifest.success_needs_result = success == "result";
  if (manifest.success_needs_result && !has_result) {
    fields.problem("success", "result needs a rule with `result` among stream.events");
  }
}

void check_whole(const Manifest& manifest, Problems& problems) {
  if (manifest.prompt == PromptBy::Argument && !mentions(manifest, "prompt")) {
    problems.push_back({"command", "prompt: argument needs {prompt} in the command"});
  }
  if (manifest.prompt == PromptBy::File && !mentions(manifest, "promptFile")) {
    problems.push_back({"command", "prompt: file needs {promptFile} in the command or in env"});
  }
  if (mentions(manifest, "mcpFile") && !manifest.mcp) problems.push_back({"mcp", "required by {mcpFile}"});
  if (mentions(manifest, "instructionsFile") && !manifest.instructions) {
    problems.push_back({"instructions", "required by {instructionsFile}"});
  }
}

}  // namespace

Manifest read_manifest(const json& document, Problems& problems) {
  Manifest manifest;
  Fields fields(document, "", problems);
  if (fields.required_text("contract") != contract::kVersion && fields.has("contract")) {
    fields.problem("contract", "expected " + std::string(contract::kVersion));
  }
  manifest.name = fields.required_text("name");
  if (!manifest.name.empty() && !is_dns_label(manifest.name)) {
    fields.problem("name", "expected 1 to 63 of a-z, 0-9 and \"-\", not \"-\" at an end");
  }
  read_prompt(fields, manifest);
  read_command(fields.raw("command"), manifest, problems);
  read_environment(fields, manifest, problems);
  read_instructions(fields, manifest, problems);
  if (const json* mcp = fields.object("mcp")) manifest.mcp = read_mcp(*mcp, "mcp", problems);
  read_directories(fields, manifest, problems);
  if (const json* stream = fields.object("stream")) manifest.stream = read_stream(*stream, "stream", problems);
  read_end(fields, manifest);
  fields.done();
  check_whole(manifest, problems);
  return manifest;
}

}  // namespace axon::manifest
