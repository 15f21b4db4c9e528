#include "entrypoint/workspace/lfs/download.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>

#include "entrypoint/workspace/credential.hpp"
#include "entrypoint/workspace/explain.hpp"
#include "entrypoint/workspace/lfs/object_file.hpp"
#include "http/async.hpp"
#include "http/url.hpp"

namespace axon::lfs {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

constexpr std::size_t kBatchSize = 100;
constexpr int kParallel = 8;  // as git-lfs
constexpr int kAttempts = 3;
constexpr int kMaxRedirects = 5;
constexpr std::chrono::seconds kExpiryMargin{5};
constexpr std::chrono::milliseconds kFirstPause{500};

struct Job {
  Object object;
  Action action;
};

/// What the workers share. One thread runs them all.
struct Round {
  const CloneRequest& request;
  const std::string& store;
  Progress& progress;
  std::uint64_t total = 0;
  std::uint64_t received = 0;
  std::deque<Job> jobs = {};
  std::vector<Object> expired = {};  // before their turn came: to be asked for anew
  std::optional<Error> failure = {};
};

/// How one request for an object ended.
struct Attempt {
  std::optional<Error> failure;
  bool again = false;  // it may help to try again
};

/// A server that was silent for as long as the user allows is not waited for again.
bool is_passing(const Error& error) { return error.code == Errc::Unavailable; }

/// Where a redirect leads: the headers, which may hold a credential, do not go along to another host.
bool redirect(http::Request& get, const http::Response& response) {
  const Result<http::Url> from = http::parse_url(get.url);
  const std::string location(response.header("Location"));
  const Result<http::Url> to = http::parse_url(location);
  if (response.status < 301 || response.status > 308 || !from || !to) return false;
  if (from->scheme == "https" && to->scheme != "https") return false;
  get.url = location;
  get.headers.clear();
  return true;
}

Error refused(const Job& job, const http::Response& response) {
  const Result<http::Url> url = http::parse_url(job.action.href);
  const std::string host = url ? http::authority_of(*url) : "the server";  // the rest of the URL may hold a signature
  const std::string status = " (HTTP " + std::to_string(response.status) + ")";
  if (response.status == 401 || response.status == 403) {
    return {Errc::Unauthorized, host + " refused the download" + status};
  }
  if (response.status == 404 || response.status == 410) {
    return {Errc::NotFound, host + " does not have the object " + job.object.pointer.oid + status};
  }
  const bool passing = response.status == 429 || response.status >= 500;
  return {passing ? Errc::Unavailable : Errc::NotFound, host + " did not give the object" + status};
}

awaitable<Attempt> fetch_once(Round& round, const Job& job) {
  http::Options options;
  options.environment = round.request.environment;
  options.timeout = patience(round.request);
  http::Request get{.method = "GET", .url = job.action.href, .headers = job.action.headers, .body = ""};
  bool offered = false;
  for (int redirects = 0;;) {
    Result<ObjectFile> file = ObjectFile::create(round.store, job.object.pointer);
    if (!file) co_return Attempt{file.error()};
    std::uint64_t here = 0;
    http::BodySink sink = [&](std::string_view piece) {
      here += piece.size();
      round.received += piece.size();
      round.progress.large_files(round.received, round.total);
      return file->write(piece);
    };
    const Result<http::Response> response = co_await http::async_send(get, options, std::move(sink));
    if (response && response->status == 200) {
      const Result<void> finished = file->finish();
      co_return finished ? Attempt{} : Attempt{finished.error()};
    }
    round.received -= here;
    if (!response) co_return Attempt{response.error(), is_passing(response.error())};
    if (redirect(get, *response) && ++redirects <= kMaxRedirects) continue;
    const Result<http::Url> url = http::parse_url(get.url);
    const std::optional<Credential> credential = url ? credential_for(round.request, *url) : std::nullopt;
    if (response->status == 401 && !offered && credential) {
      std::erase_if(get.headers, [](const http::Header& header) { return header.name == "Authorization"; });
      get.headers.push_back({"Authorization", basic_authorization(*credential)});
      offered = true;
      continue;
    }
    Error error = refused(job, *response);
    const bool again = is_passing(error);
    co_return Attempt{std::move(error), again};
  }
}

awaitable<std::optional<Error>> fetch(Round& round, const Job& job) {
  std::chrono::milliseconds pause = kFirstPause;
  for (int attempt = 1;; ++attempt) {
    Attempt attempted = co_await fetch_once(round, job);
    if (!attempted.failure || !attempted.again || attempt == kAttempts) co_return attempted.failure;
    round.progress.note(job.object.path + ": trying again: " + attempted.failure->message);
    asio::steady_timer timer(co_await asio::this_coro::executor, pause);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    pause *= 2;
  }
}

awaitable<void> work(Round& round) {
  while (!round.jobs.empty() && !round.failure) {
    const Job job = std::move(round.jobs.front());
    round.jobs.pop_front();
    if (job.action.expires && *job.action.expires < std::chrono::system_clock::now() + kExpiryMargin) {
      round.expired.push_back(job.object);
      continue;
    }
    std::optional<Error> failure = co_await fetch(round, job);
    if (!failure || round.failure) continue;
    if (failure->code == Errc::NoSpace) failure->message = disk_full(round.request.directory);
    round.failure = Error{failure->code, job.object.path + ": " + failure->message};
  }
}

/// Pairs the objects with what the server allows.
Result<std::deque<Job>> plan(const std::vector<Object>& objects, const std::vector<Answer>& answers) {
  std::deque<Job> jobs;
  for (const Object& object : objects) {
    const auto answer = std::ranges::find(answers, object.pointer.oid, &Answer::oid);
    if (answer != answers.end() && answer->download && !answer->download->href.empty()) {
      jobs.push_back({object, *answer->download});
      continue;
    }
    const std::string why = answer == answers.end() || answer->message.empty() ? "" : " (" + answer->message + ")";
    const bool missing = answer == answers.end() || answer->code == 0 || answer->code == 404 || answer->code == 410;
    if (missing) {
      return fail(Errc::NotFound, object.path + ": the Git LFS server does not have its content, object " +
                                      object.pointer.oid + why + "; push it from where it was committed: git lfs push");
    }
    return fail(Errc::Unavailable, object.path + ": the Git LFS server does not give its content, error " +
                                       std::to_string(answer->code) + why);
  }
  return jobs;
}

void run(Round& round) {
  asio::io_context io;
  for (int i = 0; i < kParallel; ++i) asio::co_spawn(io, work(round), asio::detached);
  io.run();
}

Result<void> download_batch(Round& round, Server& server, std::vector<Object> objects) {
  for (int left = kAttempts; !objects.empty(); --left) {
    if (left == 0) {
      return fail(Errc::Unavailable, objects.front().path +
                                         ": what the Git LFS server allows has expired each time "
                                         "before it could be used; is this machine's clock right?");
    }
    std::vector<Pointer> pointers;
    for (const Object& object : objects) pointers.push_back(object.pointer);
    const Result<std::vector<Answer>> answers = ask(round.request, server, pointers);
    if (!answers) return wrap(objects.front().path + ": Git LFS", answers.error());
    Result<std::deque<Job>> jobs = plan(objects, *answers);
    if (!jobs) return std::unexpected(std::move(jobs).error());
    round.jobs = *std::move(jobs);
    round.expired.clear();
    run(round);
    if (round.failure) return std::unexpected(*round.failure);
    objects = round.expired;
  }
  return {};
}

}  // namespace

std::string object_path(const std::string& store, const std::string& oid) {
  return store + "/objects/" + oid.substr(0, 2) + "/" + oid.substr(2, 2) + "/" + oid;
}

bool has_object(const std::string& store, const Pointer& pointer) {
  struct stat status{};
  return stat(object_path(store, pointer.oid).c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         static_cast<std::uint64_t>(status.st_size) == pointer.size;
}

Result<void> download(const CloneRequest& request, Server server, const std::vector<Object>& objects,
                      const std::string& store, Progress& progress) {
  std::vector<Object> wanted;
  for (const Object& object : objects) {
    if (!has_object(store, object.pointer)) wanted.push_back(object);
  }
  std::ranges::sort(wanted, {}, [](const Object& object) { return object.pointer.oid; });
  const auto same = std::ranges::unique(wanted, {}, [](const Object& object) { return object.pointer.oid; });
  wanted.erase(same.begin(), same.end());
  Round round{.request = request, .store = store, .progress = progress};
  for (const Object& object : wanted) round.total += object.pointer.size;
  for (std::size_t at = 0; at < wanted.size(); at += kBatchSize) {
    const auto begin = wanted.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = wanted.begin() + static_cast<std::ptrdiff_t>(std::min(at + kBatchSize, wanted.size()));
    if (Result<void> done = download_batch(round, server, {begin, end}); !done) return done;
  }
  return {};
}

}  // namespace axon::lfs
