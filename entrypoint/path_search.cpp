#include "entrypoint/path_search.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace axon {

std::string find_program(std::string_view name, std::string_view path,
                         const std::function<bool(const std::string& candidate)>& accept) {
  while (!path.empty()) {
    const std::size_t colon = path.find(':');
    const std::string_view directory = path.substr(0, colon);
    path = colon == std::string_view::npos ? "" : path.substr(colon + 1);
    if (directory.empty()) continue;  // the working directory: a repository must not bring its own gh
    const std::string candidate = std::string(directory) + "/" + std::string(name);
    struct stat status{};
    if (stat(candidate.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    if (access(candidate.c_str(), X_OK) == 0 && accept(candidate)) return candidate;
  }
  return "";
}

}  // namespace axon
