#!/bin/bash
# What is measured against: an entrypoint of bash, node and tee with the same duties (instructions, MCP servers, plugins,
# the agent's stream kept and read for its usage, a block of outputs). Written for this benchmark.
set -uo pipefail
prompt=${1:?prompt}

mkdir -p "$HOME/.claude"
[[ -n ${AXON_AGENTS_MD:-} ]] && printf '%s' "$AXON_AGENTS_MD" >"$HOME/.claude/CLAUDE.md"

if [[ -n ${AXON_MCP_SERVERS:-} ]]; then
  node -e '
    const fs = require("fs"), file = process.env.HOME + "/.claude.json";
    let config = {};
    try { config = JSON.parse(fs.readFileSync(file, "utf8")); } catch {}
    config.mcpServers = { ...config.mcpServers, ...JSON.parse(process.env.AXON_MCP_SERVERS).mcpServers };
    fs.writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });'
fi

args=(--dangerously-skip-permissions --output-format stream-json --verbose)
[[ -n ${AXON_MODEL:-} ]] && args+=(--model "$AXON_MODEL")
for plugin in "${AXON_PLUGIN_DIR:-/nowhere}"/*/; do
  [[ -d $plugin ]] && args+=(--plugin-dir "$plugin")
done

stream=$(mktemp)
claude "${args[@]}" -p "$prompt" | tee "$stream"
status=${PIPESTATUS[0]}

usage=$(node -e '
  const lines = require("readline").createInterface({ input: require("fs").createReadStream(process.argv[1]) });
  let last;
  lines.on("line", (line) => { try { const event = JSON.parse(line); if (event.type === "result") last = event; } catch {} });
  lines.on("close", () => console.log("input-tokens: " + (last?.usage?.input_tokens ?? 0)));' "$stream")
rm -f "$stream"
printf -- '---AXON_OUTPUTS_START---\nbranch: %s\n%s\n---AXON_OUTPUTS_END---\n' "$(git branch --show-current 2>/dev/null)" "$usage"
exit "$status"
