// libgit2's objects with owners, and its errors as ours.
#pragma once

#include <git2.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace axon::git {

template <auto Free>
struct Freed {
  void operator()(auto* object) const { Free(object); }
};

using Repository = std::unique_ptr<git_repository, Freed<git_repository_free>>;
using Remote = std::unique_ptr<git_remote, Freed<git_remote_free>>;
using Reference = std::unique_ptr<git_reference, Freed<git_reference_free>>;
using Object = std::unique_ptr<git_object, Freed<git_object_free>>;
using Commit = std::unique_ptr<git_commit, Freed<git_commit_free>>;
using Config = std::unique_ptr<git_config, Freed<git_config_free>>;
using ReferenceIterator = std::unique_ptr<git_reference_iterator, Freed<git_reference_iterator_free>>;

/// Calls a libgit2 constructor `int f(T** out, args…)` and takes ownership; null if it fails.
template <class Owner, class Function, class... Args>
int make(Owner& owner, Function function, Args... args) {
  typename Owner::pointer raw = nullptr;
  const int code = function(&raw, args...);
  owner.reset(raw);
  return code;
}

/// An options structure as its own function fills it: the _INIT macros leave fields out, which is a warning in C++.
template <class Options>
Options options(int (*init)(Options*, unsigned)) {
  Options filled{};
  init(&filled, 1);  // every version of 1.9
  return filled;
}

struct Failure {
  int code = 0;
  int klass = 0;  // git_error_t
  std::string message;

  bool operator==(const Failure&) const = default;
};

/// What the last failing call on this thread said.
Failure last_failure(int code);

/// "DOING: what libgit2 said", with the code that fits.
std::unexpected<Error> failed(std::string_view doing, int code);

/// git_strarray over strings that outlive it.
struct StringArray {
  explicit StringArray(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));  // libgit2 only reads
    array = {pointers.data(), pointers.size()};
  }
  std::vector<char*> pointers;
  git_strarray array{};
};

std::string hex(const git_oid& oid);

/// The oid of 40 hexadecimal digits that are known to be valid; zero otherwise.
git_oid oid_of(const std::string& hex);

}  // namespace axon::git
