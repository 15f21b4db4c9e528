#include "adapters/codex/plugins.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "adapters/codex/config_file.hpp"
#include "adapters/codex/files.hpp"
#include "adapters/codex/front_matter.hpp"
#include "adapters/config/copy_tree.hpp"
#include "core/json_text.hpp"

namespace axon::codex {
namespace {

std::string field(const FrontMatter& matter, const std::string& key, const std::string& fallback) {
  const auto found = matter.fields.find(key);
  return found == matter.fields.end() || found->second.empty() ? fallback : found->second;
}

std::string description(const FrontMatter& matter, const std::string& name) {
  const std::string words = first_words(matter.body);
  return field(matter, "description", words.empty() ? name : words);
}

/// Codex loads a skill only if its head is YAML with a name and a description; others write none, or nearly YAML.
std::string skill_text(const std::string& text, const std::string& skill) {
  const FrontMatter matter = read_front_matter(text);
  if (matter.is_yaml && !field(matter, "name", "").empty() && !field(matter, "description", "").empty()) return text;
  const auto line = [](const std::string& key, const std::string& value) {
    return key + ": " + json_text(nlohmann::json(value)) + "\n";
  };
  return "---\n" + line("name", field(matter, "name", skill)) + line("description", description(matter, skill)) +
         "---\n" + std::string(matter.body);
}

bool is_model_of_others(const std::string& model) {
  constexpr std::array kAliases = {"inherit", "default", "sonnet", "opus", "haiku"};
  return std::ranges::find(kAliases, model) != kAliases.end() || model.starts_with("claude") ||
         model.starts_with("gemini");
}

std::string agent_text(const FrontMatter& matter, const std::string& name) {
  const std::string said = description(matter, name);
  std::string text = "name = " + toml_string(name) + "\ndescription = " + toml_string(said) + "\n";
  const std::string model = field(matter, "model", "");
  if (!model.empty() && !is_model_of_others(model)) text += "model = " + toml_string(model) + "\n";
  const bool is_blank = matter.body.find_first_not_of(" \t\r\n") == std::string_view::npos;
  return text + "developer_instructions = " + toml_string(is_blank ? said : matter.body) + "\n";
}

Result<void> add_skill(const Plugin& plugin, const std::string& skill, const std::string& home, const FileView& files,
                       Launch& launch) {
  const std::string target = home + "/skills/" + plugin.name + "-" + skill;
  const std::size_t before = launch.files.size();
  if (Result<void> copied = config::copy_tree(files, plugin.directory + "/skills/" + skill, target, launch); !copied) {
    return copied;
  }
  for (std::size_t i = before; i < launch.files.size(); ++i) {
    File& file = launch.files[i];
    if (file.path == target + "/SKILL.md") file.content = skill_text(file.content, skill);
  }
  return {};
}

using Owners = std::map<std::string, std::string>;  // agent -> the plugin file that it comes from

Result<void> add_agent(const Plugin& plugin, const std::string& agent, const std::string& home, const FileView& files,
                       Owners& owners, Launch& launch) {
  const std::string source = plugin.directory + "/agents/" + agent + ".md";
  const std::string target = home + "/agents/" + plugin.name + "-" + agent + ".toml";
  if (Result<void> copied = config::copy_file(files, source, target, launch); !copied) return copied;
  File& file = launch.files.back();
  const FrontMatter matter = read_front_matter(file.content);
  const std::string name = field(matter, "name", agent);
  const auto [owner, is_new] = owners.try_emplace(name, source);
  if (!is_new) {
    return fail(Errc::InvalidInput,
                source + ": an agent named \"" + name + "\" is in " + owner->second + " too; rename one of them");
  }
  file.content = agent_text(matter, name);
  file.mode = 0644;
  return {};
}

}  // namespace

Result<void> add_plugins(const AgentTask& task, const FileView& files, Launch& launch) {
  const std::string home = config_directory(task);
  Owners owners;
  for (const Plugin& plugin : task.plugins) {
    for (const std::string& skill : plugin.skills) {
      if (Result<void> added = add_skill(plugin, skill, home, files, launch); !added) return added;
    }
    for (const std::string& agent : plugin.agents) {
      if (Result<void> added = add_agent(plugin, agent, home, files, owners, launch); !added) return added;
    }
  }
  return {};
}

}  // namespace axon::codex
