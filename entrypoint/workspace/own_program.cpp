#include "entrypoint/workspace/own_program.hpp"

#include <unistd.h>

#include <filesystem>

#include "core/contract.hpp"

namespace axon {

std::string own_program() {
  std::string program = std::string(contract::kBinDir) + "/axon-entrypoint";
  std::error_code failed;
  if (access(program.c_str(), X_OK) == 0) return program;
  return std::filesystem::read_symlink("/proc/self/exe", failed).string();
}

std::string own_command(const std::string& subcommand) {
  const std::string program = own_program();
  if (program.empty()) return "";
  std::string quoted;
  for (const char c : program) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  const bool plain = quoted.find_first_of(" '\"$\\`()&;<>|*?[]#~!{}\t") == std::string::npos;
  return (plain ? program : "'" + quoted + "'") + " " + subcommand;
}

}  // namespace axon
