// Numbers as Go writes them.
#pragma once

#include <string_view>
#include <variant>

#include "controller/template/ast.hpp"
#include "core/result.hpp"

namespace axon::templates {

/// An int in any base or a float64, each with a sign and "_" between digits; a message without its place otherwise.
Result<std::variant<Literal, Overflow>> parse_number(std::string_view text);

}  // namespace axon::templates
