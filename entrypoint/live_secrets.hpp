// The secrets of a run. Those in a token file change while it goes on: the file is replaced before its token expires.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/secret.hpp"
#include "entrypoint/redactor.hpp"

namespace axon {

class LiveSecrets {
 public:
  /// `file` holds one more secret; empty: there is none.
  explicit LiveSecrets(std::vector<Secret> secrets = {}, std::string file = {});

  /// What is secret now. Looks whether the file is another one than at the last call, which costs one stat. To be
  /// called between reading output and redacting it: whoever printed the new token has read it before that.
  const std::shared_ptr<const SecretPatterns>& patterns();

 private:
  /// Tells one content of the file from another.
  struct Stamp {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t changed_ns = 0;
    bool operator==(const Stamp&) const = default;
  };

  static Stamp stamp_of(const struct stat& status);
  void read_file();
  void rebuild();

  std::vector<Secret> secrets_;
  std::vector<Secret> from_file_;  // each that was seen, the newest last
  std::string file_;
  Stamp stamp_;
  std::shared_ptr<const SecretPatterns> patterns_;
};

}  // namespace axon
