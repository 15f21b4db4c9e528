// A subagent's Markdown file as opencode takes it.
#pragma once

#include <string>
#include <string_view>

namespace axon::opencode {

/// Agents of plugins are written for Claude Code. What opencode reads differently is said in its own words: `mode` is
/// subagent unless it is said, `tools` and `disallowedTools` become a map of its tools, `maxTurns` becomes `steps`.
/// What has no counterpart is left out, because opencode would refuse to start (a colour's name) or hand it to the
/// model's provider (any key that it does not know): `permissionMode`, `hooks`, a `model` without its provider and so
/// on.
std::string opencode_agent(std::string_view markdown);

}  // namespace axon::opencode
