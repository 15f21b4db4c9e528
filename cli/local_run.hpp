// Carries out a Task on this machine: its files, `prepare`, `run`, its status at each step.
#pragma once

#include "adapters/adapter.hpp"
#include "cli/layout.hpp"
#include "cli/screen.hpp"
#include "cli/signals.hpp"
#include "cli/state.hpp"

namespace axon::cli {

/// Writes what the entrypoint reads and what `axon get` and `axon logs` need. Nothing has run yet; on failure the
/// Task's directory can be removed.
Result<void> write_task(const RunParts& parts, const Layout& layout, const LocalSpec& spec,
                        const std::string& manifest_text);

/// To the end of the run. The status that is returned is also the last one on disk. Fails only where the entrypoint
/// cannot be started or the status cannot be kept.
Result<LocalStatus> run_task(const RunParts& parts, const Layout& layout, const Environment& caller,
                             const Adapter& adapter, StopSignals& signals, Screen screen);

}  // namespace axon::cli
