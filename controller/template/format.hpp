// Values as Go's package fmt prints them.
#pragma once

#include <span>

#include "controller/template/value.hpp"
#include "controller/template/writer.hpp"

namespace axon::templates {

/// As %v: a map as map[a:1 b:2], a list as [1 2], nil as <nil>.
void print_value(Writer& out, const Value& value);

/// fmt.Sprint: a space between two operands neither of which is a string.
void print(Writer& out, std::span<const Value> operands);

/// fmt.Sprintln: a space between all operands and a newline behind.
void println(Writer& out, std::span<const Value> operands);

/// fmt.Sprintf. What does not fit is told in the text, as %!d(string=x).
void printf(Writer& out, std::string_view format, std::span<const Value> operands);

}  // namespace axon::templates
