#include "cli/ask.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "cli/files.hpp"
#include "cli/text.hpp"

namespace axon::cli {

namespace asio = boost::asio;

asio::awaitable<Result<bool>> ask(std::string question, std::string otherwise) {
  if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) {
    co_return fail(Errc::InvalidInput, question + " Nobody is there to answer; " + otherwise);
  }
  write_all(2, terminal_style(2).bold(printable(question)) + " [y/N] ");
  asio::posix::stream_descriptor input(co_await asio::this_coro::executor, dup(STDIN_FILENO));
  // Waits without reading: a read that blocks would not see Ctrl-C.
  const auto [failed] =
      co_await input.async_wait(asio::posix::stream_descriptor::wait_read, asio::as_tuple(asio::use_awaitable));
  if (failed) co_return fail(Errc::InvalidInput, question + " No answer came");
  std::array<char, 256> line{};
  const ssize_t size = read(STDIN_FILENO, line.data(), line.size());
  if (size < 0) co_return fail_errno("read the answer", errno);
  if (size == 0) write_all(2, "\n");
  std::string answer(line.data(), static_cast<std::size_t>(size));
  while (answer.ends_with('\n') || answer.ends_with(' ')) answer.pop_back();
  co_return answer == "y" || answer == "yes" || answer == "Y";
}

}  // namespace axon::cli
