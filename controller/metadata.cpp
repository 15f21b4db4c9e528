#include "controller/metadata.hpp"

#include "core/documents.hpp"

namespace axon::controller {

nlohmann::json labels_of(const std::string& component) {
  return {{"app.kubernetes.io/name", "axon"}, {"app.kubernetes.io/component", component}, {kManagedBy, kManager}};
}

nlohmann::json owner_reference(const char* kind, const std::string& name, const std::string& uid) {
  return {{"apiVersion", kApiVersion}, {"kind", kind}, {"name", name}, {"uid", uid}, {"controller", true}};
}

}  // namespace axon::controller
