#include "entrypoint/termination_report.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "core/contract.hpp"
#include "entrypoint/descriptor.hpp"
#include "entrypoint/token.hpp"

namespace axon {

void write_termination_report(const Report& report, const Environment& environment) {
  std::string path = value_of(environment, contract::env::kTerminationLog);
  const int create = path.empty() ? 0 : O_CREAT;
  if (path.empty()) path = contract::kTerminationLog;
  const Descriptor file(open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | create, 0644));
  if (!file) return;
  const std::string json = to_json(report, contract::kReportLimit);
  if (write(file.get(), json.data(), json.size()) < 0) return;
}

}  // namespace axon
