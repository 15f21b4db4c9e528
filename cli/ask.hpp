// A question to who sits at the terminal.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "core/result.hpp"

namespace axon::cli {

/// Asks on stderr, reads the answer from stdin; only "y" and "yes" are one. Where no terminal is there to ask: fails
/// with the question and what to do instead, `otherwise` ("--yes overwrites it"). Can be cancelled while it waits.
boost::asio::awaitable<Result<bool>> ask(std::string question, std::string otherwise);

}  // namespace axon::cli
