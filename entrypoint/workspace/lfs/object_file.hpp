// An object of Git LFS on its way to the store.
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "entrypoint/descriptor.hpp"
#include "entrypoint/workspace/lfs/pointer.hpp"

namespace axon::lfs {

/// Written under a temporary name and taken over when it is complete and right; otherwise removed.
class ObjectFile {
 public:
  /// STORE must be the `lfs` directory of a repository; what is missing in it is made.
  static Result<ObjectFile> create(const std::string& store, const Pointer& pointer);

  ObjectFile(ObjectFile&& other) noexcept = default;
  ObjectFile& operator=(ObjectFile&&) = delete;
  ~ObjectFile();

  Result<void> write(std::string_view piece);

  /// Fails if size or hash are not those of the pointer.
  Result<void> finish();

 private:
  using Hash = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

  ObjectFile(std::string store, Pointer pointer, std::string temporary, Descriptor file);

  std::string store_;
  Pointer pointer_;
  std::string temporary_;  // empty once it is taken over
  Descriptor file_;
  Hash hash_;
  std::uint64_t written_ = 0;
};

}  // namespace axon::lfs
