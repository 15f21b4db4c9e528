#include "entrypoint/workspace/lfs/smudge.hpp"

#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>

#include "entrypoint/workspace/beneath.hpp"
#include "entrypoint/workspace/explain.hpp"
#include "entrypoint/workspace/git_config.hpp"
#include "entrypoint/workspace/head.hpp"
#include "entrypoint/workspace/index_file.hpp"
#include "entrypoint/workspace/lfs/download.hpp"
#include "entrypoint/workspace/local_objects.hpp"

namespace axon::lfs {
namespace {

constexpr std::size_t kMaxIndex = std::size_t{1} << 30U;
constexpr std::size_t kMaxText = std::size_t{1} << 20U;

struct Index {
  std::string bytes;
  std::vector<IndexEntry> entries;
  std::size_t hash_size = 20;
};

struct File {
  const IndexEntry* entry;
  Pointer pointer;
};

std::string read_text(const std::string& root, const std::string& path) {
  const Result<Descriptor> file = open_beneath(root, path);
  return file ? read_to_end(file->get(), kMaxText, path).value_or("") : "";
}

Result<Index> load_index(const Target& target) {
  Index index;
  const std::string config = read_text(target.git_directory, "config");
  if (config_value(config, "extensions", "", "objectformat").value_or("") == "sha256") index.hash_size = 32;
  const Result<Descriptor> file = open_beneath(target.git_directory, "index");
  if (!file && file.error().code == Errc::NotFound) return index;
  if (!file) return std::unexpected(file.error());
  Result<std::string> bytes = read_to_end(file->get(), kMaxIndex, target.git_directory + "/index");
  if (!bytes) return std::unexpected(std::move(bytes).error());
  index.bytes = *std::move(bytes);
  Result<std::vector<IndexEntry>> entries = read_index(index.bytes, index.hash_size);
  if (!entries) return wrap(target.git_directory + "/index", std::move(entries).error());
  index.entries = *std::move(entries);
  return index;
}

bool is_attributes(const std::string& path) { return path == ".gitattributes" || path.ends_with("/.gitattributes"); }

/// Most repositories have no LFS at all: only what may say so is looked at.
bool may_use_lfs(const Target& target, const std::vector<IndexEntry>& entries) {
  if (read_text(target.git_directory, "info/attributes").contains("lfs")) return true;
  return std::ranges::any_of(entries, [&](const IndexEntry& entry) {
    return is_attributes(entry.path) && read_text(target.work_tree, entry.path).contains("lfs");
  });
}

/// True if the file is what was checked out.
bool is_unchanged(int file, const IndexEntry& entry) {
  struct stat now{};
  return fstat(file, &now) == 0 && static_cast<std::uint32_t>(now.st_size) == entry.size &&
         static_cast<std::uint32_t>(now.st_mtim.tv_sec) == entry.mtime;
}

/// The files that are pointers now, whatever their attributes.
std::vector<File> find_pointers(const Target& target, const std::vector<IndexEntry>& entries) {
  std::vector<File> files;
  for (const IndexEntry& entry : entries) {
    if ((entry.mode & S_IFMT) != S_IFREG || entry.stage != 0 || entry.skipped || entry.size >= kPointerLimit) continue;
    const Result<Descriptor> file = open_beneath(target.work_tree, entry.path);
    if (!file || !is_unchanged(file->get(), entry)) continue;
    const std::optional<Pointer> pointer =
        parse_pointer(read_to_end(file->get(), kPointerLimit, entry.path).value_or(""));
    if (pointer) files.push_back({&entry, *pointer});
  }
  return files;
}

struct Settings {
  std::string url;
  std::string include;
  std::string exclude;
};

/// The clone's own configuration goes before the repository's .lfsconfig.
Settings read_settings(const Target& target) {
  const std::array<std::string, 2> texts = {read_text(target.git_directory, "config"),
                                            read_text(target.work_tree, ".lfsconfig")};
  Settings settings;
  for (const std::string& text : texts) {
    const auto take = [&](std::string& value, const char* section, const char* subsection, const char* key) {
      if (value.empty()) value = config_value(text, section, subsection, key).value_or("");
    };
    take(settings.url, "lfs", "", "url");
    take(settings.url, "remote", "origin", "lfsurl");
    take(settings.include, "lfs", "", "fetchinclude");
    take(settings.exclude, "lfs", "", "fetchexclude");
  }
  return settings;
}

Result<void> keep_wanted(std::vector<File>& files, const Attributes& attributes, const Settings& settings) {
  std::vector<std::string> paths;
  for (const File& file : files) paths.push_back(file.entry->path);
  const Result<std::vector<std::string>> filtered = attributes(paths);
  if (!filtered) return std::unexpected(filtered.error());
  const std::set<std::string> wanted(filtered->begin(), filtered->end());
  std::erase_if(files, [&](const File& file) {
    return !wanted.contains(file.entry->path) || !is_wanted(file.entry->path, settings.include, settings.exclude);
  });
  return {};
}

/// Copies objects from the store of a repository on this machine.
void copy_from(const std::string& from, const Target& target, const std::vector<File>& files) {
  for (const File& file : files) {
    if (has_object(target.store, file.pointer) || !has_object(from, file.pointer)) continue;
    const std::string to = object_path(target.store, file.pointer.oid);
    if (!make_directories(to.substr(0, to.rfind('/')))) continue;
    const Descriptor source(open(object_path(from, file.pointer.oid).c_str(), O_RDONLY | O_CLOEXEC));
    const std::string temporary = to + ".part";
    const Descriptor copy(open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    const auto size = static_cast<off_t>(file.pointer.size);
    if (source && copy && copy_bytes(source.get(), copy.get(), size)) rename(temporary.c_str(), to.c_str());
    unlink(temporary.c_str());
  }
}

Result<void> bring_objects(const CloneRequest& request, const Target& target, const Settings& settings,
                           std::vector<File>& files, Progress& progress) {
  const bool local = request.repo.kind == RepoUrl::Kind::Local;
  if (local) copy_from(git_common_directory(request.repo.location) + "/lfs", target, files);
  const auto is_missing = [&](const File& file) { return !has_object(target.store, file.pointer); };
  std::vector<Object> missing;
  for (const File& file : files) {
    if (is_missing(file)) missing.push_back({file.pointer, file.entry->path});
  }
  if (missing.empty()) return {};
  if (local && settings.url.empty()) {
    progress.note(missing.front().path + (missing.size() == 1 ? "" : " and others") +
                  ": left as a pointer of Git LFS, " + request.repo.location +
                  " does not have the content (git lfs fetch there brings it)");
    std::erase_if(files, is_missing);
    return {};
  }
  const Result<Server> server = find_server(request, settings.url);
  if (!server) return wrap(missing.front().path + ": Git LFS", server.error());
  return download(request, *server, missing, target.store, progress);
}

/// A time before that of the index, to the second: git would otherwise not trust what the index says of the file, and
/// compare it with the pointer.
void set_back(int file) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  now.tv_sec -= 2;
  const std::array<timespec, 2> times = {now, now};
  futimens(file, times.data());
}

Result<void> write_content(const Target& target, const File& file, std::string& index) {
  const std::string& path = file.entry->path;
  const Descriptor source(open(object_path(target.store, file.pointer.oid).c_str(), O_RDONLY | O_CLOEXEC));
  if (!source) return fail_errno("read the Git LFS object of " + path, errno);
  const Result<Descriptor> copy = replace_beneath(target.work_tree, path);
  if (!copy) return std::unexpected(copy.error());
  if (!copy_bytes(source.get(), copy->get(), static_cast<off_t>(file.pointer.size))) {
    if (errno == ENOSPC || errno == EDQUOT) return fail(Errc::NoSpace, disk_full(target.work_tree));
    return fail_errno("write " + path, errno);
  }
  set_back(copy->get());
  struct stat now{};
  if (fstat(copy->get(), &now) != 0) return fail_errno("read " + path, errno);
  set_state(index, *file.entry, now);
  return {};
}

Result<void> save_index(const Target& target, std::string& bytes, std::size_t hash_size) {
  if (Result<void> sealed = seal_index(bytes, hash_size); !sealed) return sealed;
  const std::string lock = target.git_directory + "/index.lock";
  if (Result<void> written = write_beneath(target.git_directory, "index.lock", bytes); !written) return written;
  if (rename(lock.c_str(), (target.git_directory + "/index").c_str()) != 0) return fail_errno("rename " + lock, errno);
  return {};
}

}  // namespace

bool is_on(const CloneRequest& request) {
  const std::string skip = value_of(request.environment, "GIT_LFS_SKIP_SMUDGE");
  for (const char* no : {"", "0", "false", "no", "off", "f", "n"}) {
    if (strcasecmp(skip.c_str(), no) == 0) return request.lfs;
  }
  return false;
}

Result<void> smudge(const CloneRequest& request, const Target& target, const Attributes& attributes,
                    Progress& progress) {
  if (!is_on(request)) return {};
  Result<Index> index = load_index(target);
  if (!index) return std::unexpected(std::move(index).error());
  if (!may_use_lfs(target, index->entries)) return {};
  std::vector<File> files = find_pointers(target, index->entries);
  const Settings settings = read_settings(target);
  if (Result<void> kept = keep_wanted(files, attributes, settings); !kept) return kept;
  if (files.empty()) return {};
  if (Result<void> brought = bring_objects(request, target, settings, files, progress); !brought) {
    return fail(brought.error().code, brought.error().message +
                                          "; to work with the pointers instead, set lfs: false in the Workspace, or "
                                          "GIT_LFS_SKIP_SMUDGE=1");
  }
  for (const File& file : files) {
    if (Result<void> written = write_content(target, file, index->bytes); !written) return written;
    progress.alive();
  }
  return save_index(target, index->bytes, index->hash_size);
}

}  // namespace axon::lfs
