#include "controller/task/inputs.hpp"

#include <algorithm>

namespace axon::controller {
namespace {

/// Adds what is in `from`, in the place of what has the same name.
template <class Item>
void replace_by_name(std::vector<Item>& into, const std::vector<Item>& from) {
  for (const Item& item : from) {
    const auto same = std::ranges::find(into, item.name, &Item::name);
    if (same == into.end()) {
      into.push_back(item);
    } else {
      *same = item;
    }
  }
}

void add_plugin(std::vector<PluginSource>& plugins, const PluginSource& plugin) {
  const auto same = std::ranges::find(plugins, plugin.name, &PluginSource::name);
  if (same == plugins.end()) {
    plugins.push_back(plugin);
    return;
  }
  replace_by_name(same->skills, plugin.skills);
  replace_by_name(same->agents, plugin.agents);
}

}  // namespace

AgentConfigSpec merge(const std::vector<AgentConfigSpec>& configs) {
  AgentConfigSpec merged;
  for (const AgentConfigSpec& config : configs) {
    if (!merged.agents_md.empty() && !config.agents_md.empty()) {
      merged.agents_md += merged.agents_md.ends_with('\n') ? "\n" : "\n\n";
    }
    merged.agents_md += config.agents_md;
    for (const PluginSource& plugin : config.plugins) add_plugin(merged.plugins, plugin);
    replace_by_name(merged.mcp_servers, config.mcp_servers);
  }
  return merged;
}

}  // namespace axon::controller
