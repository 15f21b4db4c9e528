#include "cli/usage_error.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "cli/commands.hpp"

namespace axon::cli {
namespace {

/// What is said of a command line; "" where nothing is wrong with it.
std::string said_of(std::vector<std::string> arguments) {
  CLI::App program("axon", "axon");
  program.require_subcommand(1);
  const std::vector<Command> commands = {add_run(program), add_get(program), add_create(program)};  // hold the values
  arguments = with_help_flag(std::move(arguments));
  std::ranges::reverse(arguments);  // as CLI11 wants them
  try {
    program.parse(std::move(arguments));
  } catch (const CLI::Success&) {
    return unknown_command(program).value_or("help");
  } catch (const CLI::ParseError& error) {
    return explain_usage(program, error);
  }
  return "";
}

TEST(UsageError, NamesACommandThatIsNone) {
  EXPECT_EQ(said_of({"gett", "tasks"}), "unknown command \"axon gett\"; did you mean get? (axon --help)");
  EXPECT_EQ(said_of({"xyzzy"}), "unknown command \"axon xyzzy\"; there are create, get, run (axon --help)");
  EXPECT_EQ(said_of({"xyzzy", "--help"}), "unknown command \"axon xyzzy\"; there are create, get, run (axon --help)");
  EXPECT_EQ(said_of({"create", "workspaces", "shop"}),
            "unknown command \"axon create workspaces\"; did you mean workspace? (axon create --help)");
}

TEST(UsageError, AsksForACommandThatIsMissing) {
  EXPECT_EQ(said_of({"create"}), "which command? (axon create --help)");
}

TEST(UsageError, NamesAFlagThatIsNone) {
  EXPECT_EQ(said_of({"run", "--promt", "x"}), "unknown flag --promt; did you mean --prompt? (axon run --help)");
  EXPECT_EQ(said_of({"run", "-p", "x", "hello"}), "unexpected argument \"hello\" (axon run --help)");
}

TEST(UsageError, SaysWhatIsWrongWithTheValueOfAFlag) {
  EXPECT_EQ(said_of({"run", "-p"}), "--prompt: needs a value (axon run --help)");
  EXPECT_EQ(said_of({"run", "--image", "a", "--image", "b"}), "--image: may be given once only (axon run --help)");
  EXPECT_EQ(said_of({"create", "ws", "shop"}), "--repo is required (axon create workspace --help)");
}

TEST(UsageError, TakesHelpForACommand) {
  EXPECT_EQ(said_of({"help"}), "help");
  EXPECT_EQ(said_of({"help", "run"}), "help");
  EXPECT_EQ(said_of({"help", "rum"}), "unknown command \"axon rum\"; did you mean run? (axon --help)");
  EXPECT_EQ(with_help_flag({"run", "-p", "help"}), (std::vector<std::string>{"run", "-p", "help"}));
}

}  // namespace
}  // namespace axon::cli
