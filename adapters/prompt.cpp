#include "adapters/prompt.hpp"

namespace axon {

Result<void> require_prompt(const std::string& prompt) {
  if (prompt.find_first_not_of(" \t\r\n\v\f") != std::string::npos) return {};
  return fail(Errc::InvalidInput, "prompt: empty; expected the text of the task");
}

std::string no_command(const std::string& prompt) { return prompt.starts_with('/') ? "\n" + prompt : prompt; }

}  // namespace axon
