#include "cli/controller_trouble.hpp"

#include "cli/install_plan.hpp"
#include "cli/resources.hpp"

namespace axon::cli {

boost::asio::awaitable<std::string> controller_trouble(kube::Client& client) {
  std::string trouble;
  kube::ListOptions which;
  which.ns = kSystemNamespace;
  which.label_selector = "app.kubernetes.io/component=controller";
  const auto look = [&](const nlohmann::json& pod) {
    if (std::string found = trouble_of(pod); !found.empty()) trouble = std::move(found);
    return Result<void>{};
  };
  co_await client.list(resource::kPods, which, look, [] {});
  co_return trouble;
}

}  // namespace axon::cli
