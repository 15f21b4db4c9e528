#include "entrypoint/workspace/large_files.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "entrypoint/workspace/beneath.hpp"
#include "entrypoint/workspace/explain.hpp"
#include "entrypoint/workspace/object_stream.hpp"
#include "entrypoint/write_all.hpp"

namespace axon {
namespace {

using Odb = std::unique_ptr<git_odb, git::Freed<git_odb_free>>;
using Index = std::unique_ptr<git_index, git::Freed<git_index_free>>;
using Tree = std::unique_ptr<git_tree, git::Freed<git_tree_free>>;
using Blob = std::unique_ptr<git_blob, git::Freed<git_blob_free>>;

struct Walk {
  git_odb* odb = nullptr;
  TreeFiles files;
};

bool is_filtered(git_repository* repository, const std::string& path) {
  git_filter_list* list = nullptr;
  const int code =
      git_filter_list_load(&list, repository, nullptr, path.c_str(), GIT_FILTER_TO_WORKTREE, GIT_FILTER_DEFAULT);
  const bool filtered = code < 0 || list != nullptr;
  git_filter_list_free(list);
  return filtered;
}

int visit(const char* root, const git_tree_entry* entry, void* payload) {
  auto& walk = *static_cast<Walk*>(payload);
  const git_object_t type = git_tree_entry_type(entry);
  if (type == GIT_OBJECT_TREE) return 0;
  std::string path = std::string(root) + git_tree_entry_name(entry);
  std::size_t size = 0;
  git_object_t found = GIT_OBJECT_INVALID;
  const bool known =
      type == GIT_OBJECT_BLOB && git_odb_read_header(&size, &found, walk.odb, git_tree_entry_id(entry)) == 0;
  const git_filemode_t mode = git_tree_entry_filemode(entry);
  const bool large = known && size >= kLargeFile && mode != GIT_FILEMODE_LINK;
  if (large) walk.files.large.push_back({path, git::hex(*git_tree_entry_id(entry)), size, mode});
  if (!large) walk.files.others.push_back(std::move(path));
  return 0;
}

/// Stored as a difference: libgit2 puts it together, in memory.
Result<void> write_from_memory(git_repository* repository, const LargeFile& file, int output) {
  const git_oid oid = git::oid_of(file.oid);
  Blob blob;
  if (const int code = git::make(blob, git_blob_lookup, repository, &oid); code < 0)
    return git::failed("read it", code);
  return write_all(output, {static_cast<const char*>(git_blob_rawcontent(blob.get())), file.size}, "it");
}

Result<void> write_file(git_repository* repository, const LargeFile& file, git_index* index) {
  const unsigned mode = file.mode == GIT_FILEMODE_BLOB_EXECUTABLE ? 0777 : 0666;
  const Result<Descriptor> output = replace_beneath(git_repository_workdir(repository), file.path, mode);
  if (!output) return std::unexpected(output.error());
  const std::string objects = std::string(git_repository_commondir(repository)) + "objects";
  const Result<bool> streamed = stream_blob(objects, file.oid, file.size, output->get());
  if (!streamed) return std::unexpected(streamed.error());
  if (!*streamed) {
    if (Result<void> written = write_from_memory(repository, file, output->get()); !written) return written;
  }
  struct stat now{};
  if (fstat(output->get(), &now) != 0) return fail_errno("read", errno);
  git_index_entry entry{};
  entry.ctime = {static_cast<std::int32_t>(now.st_ctim.tv_sec), static_cast<std::uint32_t>(now.st_ctim.tv_nsec)};
  entry.mtime = {static_cast<std::int32_t>(now.st_mtim.tv_sec), static_cast<std::uint32_t>(now.st_mtim.tv_nsec)};
  entry.dev = static_cast<std::uint32_t>(now.st_dev);
  entry.ino = static_cast<std::uint32_t>(now.st_ino);
  entry.uid = now.st_uid;
  entry.gid = now.st_gid;
  entry.file_size = static_cast<std::uint32_t>(now.st_size);
  entry.mode = file.mode;
  entry.id = git::oid_of(file.oid);
  entry.path = file.path.c_str();
  if (const int code = git_index_add(index, &entry); code < 0) return git::failed("enter it into the index", code);
  return {};
}

}  // namespace

Result<TreeFiles> list_files(git_repository* repository, const git_commit* commit) {
  Tree tree;
  Odb odb;
  int code = git::make(tree, git_commit_tree, commit);
  if (code == 0) code = git::make(odb, git_repository_odb, repository);
  Walk walk{odb.get(), {}};
  if (code == 0) code = git_tree_walk(tree.get(), GIT_TREEWALK_PRE, visit, &walk);
  if (code < 0) return git::failed("list the files", code);
  if (walk.files.large.empty()) walk.files.others.clear();
  return walk.files;
}

std::vector<std::string> take_filtered(git_repository* repository, std::vector<LargeFile>& files) {
  std::vector<std::string> filtered;
  std::erase_if(files, [&](const LargeFile& file) {
    const bool is = is_filtered(repository, file.path);
    if (is) filtered.push_back(file.path);
    return is;
  });
  return filtered;
}

Result<void> write_large_files(git_repository* repository, const std::vector<LargeFile>& files, Progress& progress) {
  Index index;
  if (const int code = git::make(index, git_repository_index, repository); code < 0)
    return git::failed("the index", code);
  for (const LargeFile& file : files) {
    progress.show("checking out " + file.path + ", " + to_size(file.size));
    const Result<void> written = write_file(repository, file, index.get());
    if (!written && written.error().code == Errc::NoSpace) {
      return fail(Errc::NoSpace, disk_full(git_repository_workdir(repository)));
    }
    if (!written) return wrap(file.path, written.error());
  }
  if (const int code = git_index_write(index.get()); code < 0) return git::failed("write the index", code);
  return {};
}

}  // namespace axon
