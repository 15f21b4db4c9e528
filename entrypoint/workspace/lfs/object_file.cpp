#include "entrypoint/workspace/lfs/object_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "entrypoint/workspace/beneath.hpp"
#include "entrypoint/workspace/lfs/download.hpp"
#include "entrypoint/write_all.hpp"

namespace axon::lfs {

Result<ObjectFile> ObjectFile::create(const std::string& store, const Pointer& pointer) {
  const std::string temporary = store + "/tmp/" + pointer.oid + "-" + std::to_string(getpid());
  const std::string target = object_path(store, pointer.oid);
  for (const std::string& directory : {store + "/tmp", target.substr(0, target.rfind('/'))}) {
    if (Result<void> made = make_directories(directory); !made) return std::unexpected(made.error());
  }
  Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file) return fail_errno("write " + temporary, errno);
  return ObjectFile(store, pointer, temporary, std::move(file));
}

ObjectFile::ObjectFile(std::string store, Pointer pointer, std::string temporary, Descriptor file)
    : store_(std::move(store)),
      pointer_(std::move(pointer)),
      temporary_(std::move(temporary)),
      file_(std::move(file)),
      hash_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
  EVP_DigestInit_ex(hash_.get(), EVP_sha256(), nullptr);
}

ObjectFile::~ObjectFile() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

Result<void> ObjectFile::write(std::string_view piece) {
  written_ += piece.size();
  if (written_ > pointer_.size) {
    return fail(Errc::InvalidInput, "the server sends more than the " + std::to_string(pointer_.size) + " bytes of it");
  }
  EVP_DigestUpdate(hash_.get(), piece.data(), piece.size());
  return write_all(file_.get(), piece, temporary_);
}

Result<void> ObjectFile::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_DigestFinal_ex(hash_.get(), digest.data(), &size);
  std::string oid;
  for (unsigned i = 0; i < size; ++i) {
    std::array<char, 3> hex{};
    std::snprintf(hex.data(), hex.size(), "%02x", digest[i]);
    oid += hex.data();
  }
  if (written_ != pointer_.size || oid != pointer_.oid) {
    return fail(Errc::InvalidInput, "what the server sent is not the object: " + std::to_string(written_) +
                                        " bytes with the SHA-256 " + oid + ", expected " +
                                        std::to_string(pointer_.size) + " with " + pointer_.oid);
  }
  if (rename(temporary_.c_str(), object_path(store_, pointer_.oid).c_str()) != 0) {
    return fail_errno("rename " + temporary_, errno);
  }
  temporary_.clear();
  return {};
}

}  // namespace axon::lfs
