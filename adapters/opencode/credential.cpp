#include "adapters/opencode/credential.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace axon::opencode {
namespace {

constexpr std::string_view kVariable = "OPENCODE_API_KEY";
constexpr std::string_view kDefault = "ANTHROPIC_API_KEY";

constexpr std::array kProviders = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"anthropic", "ANTHROPIC_API_KEY"},
    {"openai", "OPENAI_API_KEY"},
    {"google", "GOOGLE_GENERATIVE_AI_API_KEY"},
    {"groq", "GROQ_API_KEY"},
    {"xai", "XAI_API_KEY"},
    {"opencode", kVariable},
    {"zen", kVariable},
});

std::string prefix_of(const std::string& model) {
  const std::size_t slash = model.find('/');
  return slash == std::string::npos ? std::string() : model.substr(0, slash);
}

}  // namespace

void add_credential(const AgentTask& task, Launch& launch) {
  const auto key = task.env.find(std::string(kVariable));
  if (key == task.env.end() || key->second.empty()) return;
  const std::string prefix = prefix_of(task.model);
  const auto provider = std::ranges::find(kProviders, prefix, &std::pair<std::string_view, std::string_view>::first);
  if (provider != kProviders.end()) {
    if (provider->second == kVariable) return;
    launch.env[std::string(provider->second)] = key->second;
    launch.unset.emplace_back(kVariable);
    return;
  }
  if (task.env.contains(std::string(kDefault))) return;
  launch.env[std::string(kDefault)] = key->second;
  launch.warnings.push_back(
      (task.model.empty() ? "no model is set" : "the provider of the model \"" + task.model + "\" is not known") +
      std::string(", so OPENCODE_API_KEY is given to opencode as ANTHROPIC_API_KEY; set the Task's model to one of "
                  "anthropic/, openai/, google/, groq/, xai/ or opencode/"));
}

}  // namespace axon::opencode
