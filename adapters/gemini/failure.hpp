// Why a run of Gemini CLI failed, from the words of its stream: it gives no status and no code.
#pragma once

#include <optional>
#include <string_view>

#include "core/outcome.hpp"

namespace axon::gemini {

/// What the message of an error or of a result with an error means. `type` is the error's type, empty if there is none:
/// "unknown" for all that the provider says, else the name of a class of errors.
Failure failure_of(std::string_view type, std::string_view message);

/// True for the messages of warnings after which the run ends as if it had succeeded.
bool ends_the_run(std::string_view message);

}  // namespace axon::gemini
