// Looks a program up in PATH.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace axon {

/// The path of the first executable file of this name that `accept` takes; empty if there is none.
std::string find_program(std::string_view name, std::string_view path,
                         const std::function<bool(const std::string& candidate)>& accept);

}  // namespace axon
