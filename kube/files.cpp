#include "kube/files.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>

namespace axon::kube {

Result<std::string> read_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail_errno("read " + path, errno);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad() || errno == EISDIR) return fail_errno("read " + path, errno);
  return text;
}

}  // namespace axon::kube
