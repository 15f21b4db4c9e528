#include "entrypoint/workspace/local_objects.hpp"
#include "entrypoint/workspace/transfer.hpp"

namespace axon {
namespace {

RemoteRef to_ref(git_reference* reference) {
  RemoteRef ref{git_reference_name(reference), "", ""};
  git_reference* raw = nullptr;
  if (git_reference_resolve(&raw, reference) != 0) return ref;  // dangling: no oid
  const git::Reference direct(raw);
  if (const git_oid* oid = git_reference_target(direct.get())) ref.oid = git::hex(*oid);
  if (const char* target = git_reference_symbolic_target(reference)) ref.symref = target;
  return ref;
}

}  // namespace

LocalTransfer::LocalTransfer(git_repository* repository, const CloneRequest& request, Progress& progress)
    : repository_(repository), request_(&request), progress_(&progress) {}

Result<std::vector<RemoteRef>> LocalTransfer::list() {
  const std::string& path = request_->repo.location;
  if (const int code =
          git::make(source_, git_repository_open_ext, path.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
      code < 0) {
    const git::Failure failure = git::last_failure(code);
    if (code == GIT_ENOTFOUND) return fail(Errc::NotFound, "there is no git repository at " + path);
    return fail(Errc::Internal, "open " + path + ": " + failure.message);
  }
  std::vector<RemoteRef> refs;
  git::Reference head;
  if (git::make(head, git_reference_lookup, source_.get(), "HEAD") == 0) refs.push_back(to_ref(head.get()));
  git::ReferenceIterator iterator;
  if (const int code = git::make(iterator, git_reference_iterator_new, source_.get()); code < 0) {
    return git::failed("list the refs of " + path, code);
  }
  git_reference* raw = nullptr;
  while (git_reference_next(&raw, iterator.get()) == 0) {
    const git::Reference reference(raw);
    refs.push_back(to_ref(reference.get()));
  }
  std::erase_if(refs, [](const RemoteRef& ref) { return ref.oid.empty(); });
  return refs;
}

Result<void> LocalTransfer::download(const std::vector<std::string>&, int) {
  std::string source = git_repository_commondir(source_.get());
  if (source.ends_with('/')) source.pop_back();
  Result<void> copied = copy_objects(source, git_repository_commondir(repository_), [this] { progress_->copying(); });
  if (!copied && copied.error().code == Errc::NoSpace) return fail(Errc::NoSpace, disk_full(request_->directory));
  return copied;
}

}  // namespace axon
