// A value that must not reach a log, an argument list or an error message. It does not print, and converts to text
// only where reveal() is written.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace axon {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  [[nodiscard]] std::string_view reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

  bool operator==(const Secret&) const = default;
  friend void PrintTo(const Secret&, std::ostream* out) { *out << "[secret]"; }  // GoogleTest's printer

 private:
  std::string value_;
};

}  // namespace axon
