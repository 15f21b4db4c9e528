#include "adapters/gemini/extensions.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "adapters/config/copy_tree.hpp"
#include "adapters/gemini/files.hpp"
#include "adapters/gemini/frontmatter.hpp"

namespace axon::gemini {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kManifest = "/gemini-extension.json";
constexpr std::string_view kMark = "/.axon-plugin";  // this extension is ours to write again

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// Its names are of letters, digits and dashes.
std::string extension_name(std::string name) {
  std::ranges::replace_if(name, [](char c) { return !is_name(std::string_view(&c, 1)); }, '-');
  return name;
}

Result<void> check_manifest(const std::string& text, const std::string& path) {
  const auto manifest = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto has_text = [&](const char* key) { return manifest.contains(key) && manifest[key].is_string(); };
  if (manifest.is_object() && has_text("name") && has_text("version") &&
      is_name(manifest["name"].get_ref<const std::string&>())) {
    return {};
  }
  return fail(Errc::InvalidInput,
              path + ": expected a JSON object with a version and a name of letters, digits and dashes");
}

/// Adds one plugin after another and remembers who brought which name.
class Extensions {
 public:
  Extensions(const AgentTask& task, const FileView& files, Launch& launch)
      : files_(files), launch_(launch), root_(extensions_directory(task)) {}

  Result<void> add(const Plugin& plugin) {
    const std::string target = root_ + "/" + extension_name(plugin.name);
    const std::string own = plugin.directory + std::string(kManifest);
    const Result<std::optional<std::string>> manifest = files_.read(own);
    if (!manifest) return std::unexpected(manifest.error());
    if (!*manifest && plugin.skills.empty() && plugin.agents.empty()) return {};
    if (Result<void> free = check_place(plugin, target); !free) return free;
    if (*manifest) {
      if (Result<void> good = check_manifest(**manifest, own); !good) return good;
    }
    if (Result<void> copied = copy(plugin, target, manifest->has_value()); !copied) return copied;
    if (!*manifest) {
      const ordered_json made = {{"name", extension_name(plugin.name)}, {"version", "1.0.0"}};
      launch_.files.push_back({target + std::string(kManifest), made.dump(2) + "\n", 0644});
    }
    launch_.files.push_back(
        {target + std::string(kMark), "Written by Axon from the plugin " + plugin.name + ".\n", 0644});
    return {};
  }

 private:
  Result<void> check_place(const Plugin& plugin, const std::string& target) {
    if (Result<void> first = claim("extension", extension_name(plugin.name), plugin); !first) return first;
    const auto there = files_.read(target + std::string(kManifest));
    const auto mark = files_.read(target + std::string(kMark));
    if (there && *there && !(mark && *mark)) {
      return fail(Errc::InvalidInput, "plugin \"" + plugin.name + "\": an extension of that name is installed at " +
                                          target + "; rename the plugin or remove the extension");
    }
    return {};
  }

  Result<void> copy(const Plugin& plugin, const std::string& target, bool whole) {
    for (const std::string& path : files_.list(plugin.directory)) {
      const std::string relative = path.substr(plugin.directory.size() + 1);
      if (!whole && !relative.starts_with("skills/") && !relative.starts_with("agents/")) continue;
      std::string to = target;
      to.append("/").append(relative);
      if (Result<void> copied = config::copy_file(files_, path, to, launch_); !copied) return copied;
    }
    for (const std::string& skill : plugin.skills) {
      const std::string path = target + "/skills/" + skill + "/SKILL.md";
      if (Result<void> done = convert("skill", convert_skill, path, skill, plugin); !done) return done;
    }
    for (const std::string& agent : plugin.agents) {
      const std::string path = target + "/agents/" + agent + ".md";
      if (Result<void> done = convert("agent", convert_agent, path, agent, plugin); !done) return done;
    }
    return {};
  }

  Result<void> convert(const char* kind, Converted (*convert)(std::string_view, std::string_view),
                       const std::string& path, const std::string& name, const Plugin& plugin) {
    const auto file = std::ranges::find(launch_.files, path, &File::path);
    if (file == launch_.files.end()) return fail(Errc::InvalidInput, plugin.directory + ": no " + kind + " " + name);
    Converted converted = convert(file->content, name);
    file->content = std::move(converted.content);
    for (const std::string& what : converted.left_out) {
      launch_.warnings.push_back("plugin \"" + plugin.name + "\", " + kind + " \"" + name +
                                 "\": Gemini CLI does not know " + what + "; it is left out");
    }
    return claim(kind, converted.name, plugin);
  }

  /// Of two with one name it would take the last without a word.
  Result<void> claim(const std::string& kind, const std::string& name, const Plugin& plugin) {
    const auto [found, is_first] = claimed_.try_emplace(kind + " " + name, plugin.name);
    if (is_first) return {};
    return fail(Errc::InvalidInput, "plugins \"" + found->second + "\" and \"" + plugin.name + "\": each has the " +
                                        kind + " \"" + name + "\"; rename one of them");
  }

  const FileView& files_;
  Launch& launch_;
  std::string root_;
  std::map<std::string, std::string> claimed_;  // "skill NAME" -> plugin
};

}  // namespace

Result<void> add_extensions(const AgentTask& task, const FileView& files, Launch& launch) {
  Extensions extensions(task, files, launch);
  for (const Plugin& plugin : task.plugins) {
    if (Result<void> added = extensions.add(plugin); !added) return added;
  }
  return {};
}

}  // namespace axon::gemini
