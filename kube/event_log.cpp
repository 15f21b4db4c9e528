#include "kube/event_log.hpp"

#include "core/encoding.hpp"

namespace axon::kube {
namespace {

constexpr std::size_t kMaxSeries = 2048;
constexpr std::size_t kMaxMessage = 1024;
constexpr std::chrono::seconds kBetweenCounts{10};
constexpr std::chrono::minutes kWindow{10};  // after it the same event is a new one

}  // namespace

EventLog::EventLog(std::string component, std::string instance)
    : component_(std::move(component)), instance_(std::move(instance)) {}

bool EventLog::note(const Happening& what, Time now) {
  if (series_.size() >= kMaxSeries) drop_old(now);
  if (series_.size() >= kMaxSeries && !series_.contains(what)) return false;
  Series& series = series_[what];
  if (series.count > 0 && now - series.last > kWindow) series = Series{};
  if (series.count == 0) {
    series.first = series.due = now;
    // A name is unique in its namespace for as long as Events are kept, also after a restart.
    series.name = what.key.name.substr(0, 200) + "." + std::to_string(now.time_since_epoch().count()) + "." +
                  std::to_string(serial_++) + "-" +
                  std::to_string(std::hash<std::string>()(instance_ + what.uid + what.reason + what.message) % 100000);
  }
  ++series.count;
  series.last = now;
  return true;
}

void EventLog::drop_old(Time now) {
  std::erase_if(series_, [&](const auto& entry) {
    return entry.second.count == entry.second.written && now - entry.second.last > kBetweenCounts;
  });
}

Json EventLog::event(const Happening& what, const Series& series) const {
  // An object without a namespace has its events in "default", as in client-go.
  const std::string ns = what.key.ns.empty() ? "default" : what.key.ns;
  return {{"apiVersion", "v1"},
          {"kind", "Event"},
          {"metadata", {{"namespace", ns}, {"name", series.name}}},
          {"involvedObject",
           {{"apiVersion", what.api_version},
            {"kind", what.kind},
            {"namespace", what.key.ns},
            {"name", what.key.name},
            {"uid", what.uid}}},
          {"type", what.is_warning ? "Warning" : "Normal"},
          {"reason", what.reason},
          {"message", utf8_prefix(what.message, kMaxMessage)},
          {"count", series.count},
          {"firstTimestamp", format_time(series.first)},
          {"lastTimestamp", format_time(series.last)},
          {"source", {{"component", component_}}},
          {"reportingComponent", component_},
          {"reportingInstance", instance_}};
}

std::vector<EventLog::Write> EventLog::take_due(Time now) {
  std::vector<Write> writes;
  for (auto& [what, series] : series_) {
    if (series.count == series.written || series.due > now) continue;
    Write write;
    write.what = what;
    write.event = {what.key.ns.empty() ? "default" : what.key.ns, series.name};
    write.is_new = series.written == 0;
    write.body =
        write.is_new ? event(what, series) : Json{{"count", series.count}, {"lastTimestamp", format_time(series.last)}};
    writes.push_back(std::move(write));
    series.written = series.count;
    series.due = now + kBetweenCounts;
  }
  return writes;
}

void EventLog::forget(const Happening& what) { series_.erase(what); }

std::optional<Time> EventLog::next_due() const {
  std::optional<Time> first;
  for (const auto& [what, series] : series_) {
    if (series.count != series.written && (!first || series.due < *first)) first = series.due;
  }
  return first;
}

}  // namespace axon::kube
