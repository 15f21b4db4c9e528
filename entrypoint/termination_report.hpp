// Leaves the report where the kubelet looks for it.
#pragma once

#include "core/launch.hpp"
#include "core/report.hpp"

namespace axon {

/// Writes the report to AXON_TERMINATION_LOG, or to the kubelet's default place if that is there. A failure is silent:
/// outside of a Pod there is nobody to read it.
void write_termination_report(const Report& report, const Environment& environment);

}  // namespace axon
