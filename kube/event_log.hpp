// The events that people read with kubectl describe: the same event again is counted, not repeated. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/timestamp.hpp"
#include "kube/object.hpp"

namespace axon::kube {

/// What happened to which object.
struct Happening {
  std::string api_version;
  std::string kind;
  Key key;
  std::string uid;
  bool is_warning = false;
  std::string reason;   // "JobCreated": a word in CamelCase
  std::string message;  // for people; cut at 1024 bytes, which is the API's own limit

  auto operator<=>(const Happening&) const = default;
};

class EventLog {
 public:
  /// A write that is due: of a new Event, or of the count of one that was made.
  struct Write {
    Happening what;
    Key event;
    bool is_new = true;
    Json body;  // the whole Event, or a merge patch
  };

  /// `component` is the reporter's name, `instance` its Pod.
  EventLog(std::string component, std::string instance);

  /// False where so much waits to be written that this is left out.
  bool note(const Happening& what, Time now);

  /// What is to be written now. A count goes out at most each ten seconds.
  std::vector<Write> take_due(Time now);

  /// The Event is gone or was never made: it is made anew when that happens again.
  void forget(const Happening& what);

  /// When take_due() has something again; empty: nothing waits.
  [[nodiscard]] std::optional<Time> next_due() const;

 private:
  struct Series {
    std::string name;
    int count = 0;
    int written = 0;
    Time first{};
    Time last{};
    Time due{};
  };

  [[nodiscard]] Json event(const Happening& what, const Series& series) const;
  void drop_old(Time now);

  std::string component_;
  std::string instance_;
  std::map<Happening, Series> series_;
  std::size_t serial_ = 0;
};

}  // namespace axon::kube
