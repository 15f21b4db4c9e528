#include "cli/cluster_advice.hpp"

namespace axon::cli {
namespace {

/// What the API server says of a resource that it does not know, by whichever of its parts.
bool is_unknown_resource(const Error& error) {
  return error.code == Errc::NotFound && (error.message.contains("the server could not find the requested resource") ||
                                          error.message.contains("404 page not found"));
}

std::string advice(const Error& error, const std::string& cluster) {
  switch (error.code) {
    case Errc::Unauthorized:
      if (!error.message.contains("(Unauthorized)")) return {};  // it is the server's certificate that is refused
      return "; " + cluster +
             " does not accept your credentials, which may have expired: log in again, or choose another --context";
    case Errc::PermissionDenied:
      return "; whoever administers the cluster can allow it by the ClusterRole edit in that namespace. axon doctor "
             "shows all that is missing";
    case Errc::NotFound:
      if (!is_unknown_resource(error)) return {};
      return "; " + cluster + " does not know Axon's resources: axon install puts them there";
    case Errc::Unavailable:
    case Errc::TimedOut:
      return "; " + cluster + " cannot be reached: is it running, and the right --context?";
    default:
      return {};
  }
}

}  // namespace

Error with_advice(Error error, const std::string& cluster) {
  error.message += advice(error, cluster);
  return error;
}

}  // namespace axon::cli
