#include "controller/log.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/json_text.hpp"
#include "kube/clock.hpp"

namespace axon::controller {
namespace {

void write(const char* level, std::string_view message, const LogKeys& keys) {
  nlohmann::ordered_json line = {{"time", format_time(kube::now())}, {"level", level}, {"msg", message}};
  for (const auto& [key, value] : keys) {
    if (!value.empty()) line[key] = value;
  }
  const std::string text = json_text(line) + "\n";
  std::fputs(text.c_str(), stderr);
}

}  // namespace

void log_info(std::string_view message, const LogKeys& keys) { write("info", message, keys); }
void log_warning(std::string_view message, const LogKeys& keys) { write("warning", message, keys); }
void log_error(std::string_view message, const LogKeys& keys) { write("error", message, keys); }

}  // namespace axon::controller
