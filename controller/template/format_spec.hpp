// One verb of a format with its flags, and how each kind is printed under it. The rules are those of Go's fmt.
#pragma once

#include <optional>

#include "controller/template/value.hpp"
#include "controller/template/writer.hpp"

namespace axon::templates {

struct Spec {
  bool sharp = false;
  bool zero = false;
  bool plus = false;
  bool minus = false;
  bool space = false;
  bool go_syntax = false;  // %#v
  std::optional<std::size_t> width;
  std::optional<std::size_t> precision;
};

class Formatter {
 public:
  Formatter(Writer& out, Spec spec) : out_(out), spec_(spec) {}

  /// `verb` is any rune; one that the value does not know gives %!z(int=3).
  void print(const Value& value, char32_t verb);

 private:
  // format_value.cpp
  void nested(const Value& value, char32_t verb, const Value& whole);
  void bad_verb(const Value& value, char32_t verb);
  void boolean(const Value& value, bool truth, char32_t verb);
  void string(const Value& value, std::string_view text, char32_t verb);
  void quoted(std::string_view text);
  void hex(std::string_view text, bool upper);
  void list(const Items& items, char32_t verb);
  void map(const Table& table, char32_t verb);

  // format_number.cpp
  void integer(const Value& value, Integer integer, char32_t verb);
  void digits(Integer integer, int base, char32_t verb);
  void unicode(Integer integer);
  void real(const Value& value, double number, char32_t verb);
  void real_as(double number, char verb, int precision);

  void pad(std::string_view text);
  void pad_without_zeros(std::string_view text);
  void padding(std::size_t count);
  std::string_view truncated(std::string_view text) const;

  Writer& out_;
  Spec spec_;
};

}  // namespace axon::templates
