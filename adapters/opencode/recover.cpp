#include <map>
#include <utility>
#include <vector>

#include "adapters/opencode/files.hpp"
#include "adapters/opencode/opencode.hpp"
#include "adapters/sqlite/database.hpp"

namespace axon::opencode {
namespace {

struct Session {
  std::string parent;
  Usage usage;
};

using Sessions = std::map<std::string, Session>;

Session read_session(const std::vector<sqlite::Value>& row) {
  Usage usage;
  usage.cache_read_tokens = sqlite::integer(row[3]);
  usage.cache_write_tokens = sqlite::integer(row[4]);
  usage.input_tokens = sqlite::integer(row[2]) + usage.cache_read_tokens + usage.cache_write_tokens;
  usage.reasoning_tokens = sqlite::integer(row[6]);
  usage.output_tokens = sqlite::integer(row[5]) + usage.reasoning_tokens;
  if (const double cost = sqlite::real(row[7]); cost > 0) usage.cost_usd = cost;  // 0 where the price is not known
  return {std::string(sqlite::text(row[1])), usage};
}

/// The session of the run is the root; each subagent has one of its own below.
Usage sum_below(Sessions sessions, const std::string& root) {
  std::multimap<std::string, std::string> children;
  for (const auto& [id, session] : sessions) children.emplace(session.parent, id);
  Usage sum;
  for (std::vector<std::string> open = {root}; !open.empty();) {
    const auto session = sessions.extract(open.back());  // once each, also where they stand in a circle
    open.pop_back();
    if (!session) continue;
    sum = sum + session.mapped().usage;
    const auto [first, last] = children.equal_range(session.key());
    for (auto child = first; child != last; ++child) open.push_back(child->second);
  }
  return sum;
}

}  // namespace

std::optional<Usage> recover(const AgentTask& task, const Summary& summary, const FileView& files) {
  if (summary.session_id.empty()) return std::nullopt;
  Sessions sessions;
  const sqlite::Database database(files, database_file(task));
  const bool whole = database.each_row(
      "session",
      {"id", "parent_id", "tokens_input", "tokens_cache_read", "tokens_cache_write", "tokens_output",
       "tokens_reasoning", "cost"},
      [&](const std::vector<sqlite::Value>& row) { sessions[std::string(sqlite::text(row[0]))] = read_session(row); });
  if (!whole || !sessions.contains(summary.session_id)) return std::nullopt;
  return sum_below(std::move(sessions), summary.session_id);
}

}  // namespace axon::opencode
