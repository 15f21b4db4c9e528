#include "adapters/opencode/plugins.hpp"

#include <map>

#include "adapters/config/copy_tree.hpp"
#include "adapters/opencode/agent_file.hpp"
#include "adapters/opencode/files.hpp"
#include "adapters/opencode/frontmatter.hpp"

namespace axon::opencode {
namespace {

/// name -> the file that has it.
using Names = std::map<std::string, std::string>;

Result<void> claim(Names& names, const std::string& name, const std::string& path) {
  const auto [other, is_new] = names.try_emplace(name, path);
  if (is_new) return {};
  return fail(Errc::InvalidInput,
              path + ": has the name \"" + name + "\", as " + other->second + " has; rename one of them");
}

Result<void> add_skill(const Plugin& plugin, const std::string& skill, const std::string& to, const FileView& files,
                       Launch& launch, Names& names) {
  const std::string from = plugin.directory + "/skills/" + skill;
  const std::size_t first = launch.files.size();
  if (Result<void> copied = config::copy_tree(files, from, to, launch); !copied) return copied;
  for (std::size_t i = first; i < launch.files.size(); ++i) {
    File& file = launch.files[i];
    if (file.path != to + "/SKILL.md") continue;
    Frontmatter header = parse_frontmatter(file.content);
    if (header.value("name").empty()) {
      header.set("name", quoted(skill));
      file.content = to_text(header);
    }
    return claim(names, header.value("name"), from + "/SKILL.md");
  }
  return {};
}

Result<void> add_agent(const Plugin& plugin, const std::string& agent, const std::string& directory,
                       const FileView& files, Launch& launch, Names& names) {
  const std::string from = plugin.directory + "/agents/" + agent + ".md";
  const std::string to = directory + "/agents/" + agent + ".md";
  if (Result<void> copied = config::copy_file(files, from, to, launch); !copied) return copied;
  File& file = launch.files.back();
  file.content = opencode_agent(file.content);
  const std::string name = parse_frontmatter(file.content).value("name");
  return claim(names, name.empty() ? agent : name, from);
}

}  // namespace

Result<void> add_plugins(const AgentTask& task, const FileView& files, Launch& launch) {
  const std::string directory = config_directory(task);
  Names skills;
  Names agents;
  for (const Plugin& plugin : task.plugins) {
    for (const std::string& skill : plugin.skills) {
      const std::string to = directory + "/skills/" + plugin.name + "-" + skill;
      if (Result<void> added = add_skill(plugin, skill, to, files, launch, skills); !added) return added;
    }
    for (const std::string& agent : plugin.agents) {
      if (Result<void> added = add_agent(plugin, agent, directory, files, launch, agents); !added) return added;
    }
  }
  return {};
}

}  // namespace axon::opencode
