#include "cli/printer.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "core/contract.hpp"

namespace axon::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kArgumentBytes = 120;
constexpr std::size_t kMessageBytes = 400;
constexpr std::size_t kOpenCalls = 1000;  // an agent that never says results must not fill the memory

std::string describe(const Failure& failure) {
  const std::string reason(to_string(failure.reason));
  return failure.message.empty() ? reason : reason + ": " + one_line(failure.message, kMessageBytes);
}

}  // namespace

std::string short_arguments(const std::string& arguments) {
  static constexpr std::array kTelling = {"command", "cmd", "file_path", "filePath",    "path",  "pattern",
                                          "query",   "url", "skill",     "description", "prompt"};
  const json parsed = json::parse(arguments, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_object()) {
    if (parsed.empty()) return {};
    for (const char* key : kTelling) {
      const auto found = parsed.find(key);
      if (found != parsed.end() && found->is_string()) {
        return one_line(found->get_ref<const std::string&>(), kArgumentBytes);
      }
    }
  }
  return one_line(arguments, kArgumentBytes);
}

std::string format_usage(const Usage& usage) {
  std::string text = with_commas(usage.input_tokens) + " in";
  std::vector<std::string> cache;
  if (usage.cache_read_tokens != 0) cache.push_back(with_commas(usage.cache_read_tokens) + " from cache");
  if (usage.cache_write_tokens != 0) cache.push_back(with_commas(usage.cache_write_tokens) + " to cache");
  if (!cache.empty()) text += " (" + join(cache) + ")";
  text += ", " + with_commas(usage.output_tokens) + " out";
  if (usage.reasoning_tokens != 0) text += " (" + with_commas(usage.reasoning_tokens) + " reasoning)";
  if (usage.cost_usd) text += ", $" + format_cost(*usage.cost_usd);
  return text;
}

void EventPrinter::info(std::string_view tag, const std::string& text) {
  const std::string head = "[" + std::string(tag) + "]";
  sink_(Channel::Info, style_.dim(head) + (text.empty() ? "" : " " + text));
}

void EventPrinter::print(const Event& event) {
  std::visit([this](const auto& it) { on(it); }, event);
}

void EventPrinter::on(const event::SessionStarted& event) {
  if (event.model.empty() || event.model == model_) return;
  model_ = event.model;
  info("model", printable(event.model));
}

void EventPrinter::on(const event::Text& event) {
  if (event.text.find_first_not_of(" \t\r\n") == std::string::npos) return;
  const std::string text = printable(event.text);
  if (event.subagent) {
    info("subagent", one_line(text, kMessageBytes));
    return;
  }
  last_text_ = event.text;
  sink_(Channel::Out, text.ends_with('\n') ? std::string_view(text).substr(0, text.size() - 1) : text);
}

void EventPrinter::on(const event::ToolCall& event) {
  const std::string name = one_line(event.name, kArgumentBytes);
  if (!event.id.empty() && tools_.size() < kOpenCalls) tools_[event.id] = name;
  const std::string arguments = short_arguments(event.arguments);
  info(event.subagent ? "subagent tool" : "tool", style_.bold(name) + (arguments.empty() ? "" : " " + arguments));
}

void EventPrinter::on(const event::ToolResult& event) {
  const auto call = tools_.find(event.id);
  const std::string name = call == tools_.end() ? "" : call->second;
  if (call != tools_.end()) tools_.erase(call);
  if (event.is_error) info("tool", style_.red(name.empty() ? "failed" : name + " failed"));
}

void EventPrinter::on(const event::Turn&) { info("turn", std::to_string(++turns_)); }

void EventPrinter::on(const event::Retry& event) {
  std::string text = std::to_string(event.attempt);
  if (event.max_attempts > 0) text += " of " + std::to_string(event.max_attempts);
  info("retry", style_.yellow(text + ", " + describe(event.cause)));
}

void EventPrinter::on(const event::BackgroundTasks& event) {
  if (event.running > 0) info("background", std::to_string(event.running) + " running");
}

void EventPrinter::on(const event::UsageStep& event) { usage_ = usage_ + event.usage; }
void EventPrinter::on(const event::UsageTotal& event) { usage_ = event.usage; }
void EventPrinter::on(const event::Problem& event) { info("problem", style_.yellow(describe(event.failure))); }

void EventPrinter::on(const event::Finished& event) {
  if (!event.response.empty() && event.response != last_text_) {
    sink_(Channel::Out, printable(event.response));
    last_text_ = event.response;
  }
  std::string turns;
  if (event.turns) turns = std::to_string(*event.turns) + (*event.turns == 1 ? " turn" : " turns");
  const std::string after = turns.empty() ? "" : " after " + turns;
  const std::string text = event.failure ? style_.red("failed" + after + ": " + describe(*event.failure))
                                         : style_.green("succeeded" + after);
  info("result", text);
}

void EventPrinter::on(const event::Plain& event) {
  if (contract::is_outputs_start(event.line)) in_outputs_ = true;
  if (!in_outputs_) sink_(Channel::Out, printable(event.line));
  if (contract::is_outputs_end(event.line)) in_outputs_ = false;
}

void EventPrinter::on(const event::Unknown&) {}

void EventPrinter::finish() {
  if (!is_zero(usage_)) info("usage", format_usage(usage_));
}

}  // namespace axon::cli
