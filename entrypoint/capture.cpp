#include "entrypoint/capture.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "core/contract.hpp"
#include "entrypoint/descriptor.hpp"
#include "entrypoint/process.hpp"
#include "entrypoint/pull_requests.hpp"
#include "entrypoint/stream_reader.hpp"
#include "entrypoint/token.hpp"
#include "entrypoint/workspace/head.hpp"

namespace axon {
namespace {

std::string variable(const Environment& env, std::string_view name) {
  const auto found = env.find(std::string(name));
  return found == env.end() ? std::string() : found->second;
}

std::string working_directory() {
  std::error_code ignored;
  return std::filesystem::current_path(ignored).string();
}

std::vector<std::string> pull_requests_here(const GitHead& head) {
  PullRequestQuery query;
  query.remote_url = head.remote_url;
  query.branch = head.branch;
  const auto found = find_pull_requests(query);
  if (!found) {
    std::fprintf(stderr, "axon-entrypoint: pull requests: %s\n", found.error().message.c_str());
    return {};
  }
  return *found;
}

/// Reads the stream, passing it on if it is stdin.
bool read_stream(const std::string& path, StreamReader& reader) {
  const bool pass_on = path == "-";
  const Descriptor file(pass_on ? -1 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const int fd = pass_on ? 0 : file.get();
  std::array<char, 65536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
  while (true) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      reader.finish();
      return n == 0;
    }
    const auto size = static_cast<std::size_t>(n);
    if (pass_on) std::fwrite(buffer.data(), 1, size, stdout), std::fflush(stdout);
    reader.read(std::string_view(buffer.data(), size));
  }
}

}  // namespace

Results local_results(const std::string& directory, const std::string& base_branch, const Summary& summary) {
  const GitHead head = read_head(directory);
  Results results;
  results.branch = head.branch;
  results.commit = head.commit;
  if (!head.commit.empty() || !head.branch.empty()) {
    results.base_branch = base_branch.empty() ? head.base_branch : base_branch;
  }
  results.model = summary.model;
  results.session_id = summary.session_id;
  results.response = summary.response;
  results.turns = summary.turns;
  return results;
}

Results redacted(Results results, const SecretPatterns& patterns) {
  for (std::string* text : {&results.branch, &results.commit, &results.base_branch, &results.model, &results.session_id,
                            &results.response}) {
    *text = redact(patterns, *text);
  }
  return results;
}

std::optional<Usage> whole_usage(const std::optional<Usage>& stream, const std::optional<Usage>& files) {
  if (!files || !stream) return stream ? stream : files;
  const auto tokens = [](const Usage& usage) { return usage.input_tokens + usage.output_tokens; };
  if (tokens(*files) <= tokens(*stream)) return stream;
  Usage usage = *files;
  if (!usage.cost_usd) usage.cost_usd = stream->cost_usd;
  return usage;
}

Environment agent_environment(Environment env) {
  for (const std::string_view name : {contract::env::kMcpServers, contract::env::kPrompt, contract::env::kAgentsMd}) {
    env.erase(std::string(name));  // secret, long, or both; the agent has them in its own files by now
  }
  if (::access((std::string(contract::kBinDir) + "/gh").c_str(), X_OK) == 0) {
    const std::string path = variable(env, "PATH");
    env["PATH"] = std::string(contract::kBinDir) + (path.empty() ? ":/usr/local/bin:/usr/bin:/bin" : ":" + path);
  }
  // The repository may belong to another UID: git's own check has no meaning in a Pod of one user.
  const int count = std::atoi(variable(env, "GIT_CONFIG_COUNT").c_str());  // NOLINT(cert-err34-c): 0 if it is none
  env["GIT_CONFIG_KEY_" + std::to_string(count)] = "safe.directory";
  env["GIT_CONFIG_VALUE_" + std::to_string(count)] = "*";
  env["GIT_CONFIG_COUNT"] = std::to_string(count + 1);
  return env;
}

int pull_requests_command() {
  for (const std::string& url : pull_requests_here(read_head(working_directory()))) std::puts(url.c_str());
  return 0;
}

int capture_command(std::span<const std::string> args) {
  const Environment env = current_environment();
  std::string type = variable(env, contract::env::kAgentType);
  std::string stream;
  for (std::size_t i = 0; i < args.size(); i += 2) {
    const bool known = args[i] == "--agent-type" || args[i] == "--stream";
    if (!known || i + 1 == args.size()) {
      std::fprintf(stderr, "axon-entrypoint capture: usage: capture [--agent-type TYPE] [--stream FILE|-]\n");
      return contract::exit_code::kUsage;
    }
    (args[i] == "--stream" ? stream : type) = args[i + 1];
  }
  Summary summary;
  if (!stream.empty()) {
    const Adapter* adapter = find_builtin_adapter(type);
    if (adapter == nullptr) {
      std::fprintf(stderr, "axon-entrypoint capture: --agent-type: \"%s\" has no built-in stream parser\n",
                   type.c_str());
      return contract::exit_code::kUsage;
    }
    StreamReader reader(*adapter);
    if (!read_stream(stream, reader)) std::fprintf(stderr, "axon-entrypoint capture: cannot read %s\n", stream.c_str());
    summary = reader.summary();
  }
  Report report;
  report.finished = true;
  if (summary.finished) report.outcome.failure = summary.finished->failure;
  report.usage = summary.usage;
  report.results = local_results(working_directory(), variable(env, contract::env::kBaseBranch), summary);
  report.results.pull_requests = pull_requests_here(read_head(working_directory()));
  std::fputs(marker_block(report).c_str(), stdout);
  return report.outcome.succeeded() ? 0 : contract::exit_code::kAgentSaysError;
}

}  // namespace axon
