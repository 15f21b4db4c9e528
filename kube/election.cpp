#include "kube/election.hpp"

#include "core/timestamp.hpp"

namespace axon::kube {
namespace {

std::int64_t number_at(const Json& object, const char* pointer, std::int64_t fallback) {
  const Json::json_pointer path(pointer);
  return object.contains(path) && object.at(path).is_number_integer() ? object.at(path).get<std::int64_t>() : fallback;
}

}  // namespace

std::string format_micro_time(Election::WallTime time) {
  const Time seconds = std::chrono::floor<std::chrono::seconds>(time);
  std::string text = format_time(seconds);
  std::string micros = std::to_string((time - seconds).count());
  micros.insert(0, 6 - micros.size(), '0');
  text.insert(text.size() - 1, "." + micros);
  return text;
}

Election::Election(Key lease, std::string identity, ElectionTiming timing)
    : key_(std::move(lease)), identity_(std::move(identity)), timing_(timing) {}

Json Election::body(const std::optional<Json>& lease, WallTime wall) const {
  Json result = lease.value_or(Json{{"apiVersion", "coordination.k8s.io/v1"},
                                    {"kind", "Lease"},
                                    {"metadata", {{"namespace", key_.ns}, {"name", key_.name}}}});
  Json& spec = result["spec"];
  const bool is_ours = lease && text_at(*lease, "/spec/holderIdentity") == identity_;
  if (!is_ours) {
    spec["acquireTime"] = format_micro_time(wall);
    spec["leaseTransitions"] = lease ? number_at(*lease, "/spec/leaseTransitions", 0) + 1 : 0;
  }
  spec["holderIdentity"] = identity_;
  spec["leaseDurationSeconds"] = timing_.lease.count();
  spec["renewTime"] = format_micro_time(wall);
  return result;
}

std::optional<Json> Election::claim(const std::optional<Json>& lease, Moment now, WallTime wall) {
  if (!lease) {
    holder_.clear();
    return body(lease, wall);
  }
  const auto spec = lease->find("spec");
  const std::string seen = spec == lease->end() ? "" : spec->dump();
  holder_ = text_at(*lease, "/spec/holderIdentity");
  if (seen != seen_) {
    seen_ = seen;
    seen_at_ = now;
  }
  const std::chrono::seconds lasting(number_at(*lease, "/spec/leaseDurationSeconds", timing_.lease.count()));
  if (!holder_.empty() && holder_ != identity_ && now < seen_at_ + lasting) return std::nullopt;
  return body(lease, wall);
}

std::optional<Json> Election::let_go(const Json& lease, WallTime wall) const {
  if (text_at(lease, "/spec/holderIdentity") != identity_) return std::nullopt;
  Json result = body(lease, wall);
  result["spec"]["holderIdentity"] = "";
  result["spec"]["leaseDurationSeconds"] = 1;  // the API server allows no zero
  return result;
}

}  // namespace axon::kube
