#include "entrypoint/workspace/refs.hpp"

#include <algorithm>
#include <cctype>

#include "core/letters.hpp"
#include "core/nearest.hpp"

namespace axon {
namespace {

constexpr std::string_view kHeads = "refs/heads/";
constexpr std::string_view kTags = "refs/tags/";
constexpr std::string_view kPeeled = "^{}";

const RemoteRef* find(const std::vector<RemoteRef>& refs, std::string_view name) {
  const auto found = std::ranges::find(refs, name, &RemoteRef::name);
  return found == refs.end() ? nullptr : &*found;
}

Start start_at(const std::vector<RemoteRef>& refs, const RemoteRef& ref) {
  const RemoteRef* peeled = find(refs, ref.name + std::string(kPeeled));
  const Start::Kind kind = ref.name.starts_with(kHeads)  ? Start::Kind::Branch
                           : ref.name.starts_with(kTags) ? Start::Kind::Tag
                                                         : Start::Kind::Other;
  return {kind, ref.name, peeled != nullptr ? peeled->oid : ref.oid};
}

Result<Start> default_start(const std::vector<RemoteRef>& refs) {
  const RemoteRef* head = find(refs, "HEAD");
  if (head == nullptr) {
    if (refs.empty()) return Start{};
    return fail(Errc::NotFound, "the repository has no default branch: set a ref");
  }
  if (const RemoteRef* branch = find(refs, head->symref)) return start_at(refs, *branch);
  for (const RemoteRef& ref : refs) {  // a server that does not say which branch HEAD is
    if (ref.name.starts_with(kHeads) && ref.oid == head->oid) return start_at(refs, ref);
  }
  return start_at(refs, *head);
}

std::string near_names(const std::vector<RemoteRef>& refs, const std::string& wanted) {
  std::vector<std::pair<std::size_t, std::string>> candidates;
  for (const RemoteRef& ref : refs) {
    if (ref.name.ends_with(kPeeled)) continue;
    std::string name;
    if (ref.name.starts_with(kHeads)) name = ref.name.substr(kHeads.size());
    if (ref.name.starts_with(kTags)) name = ref.name.substr(kTags.size());
    if (!name.empty()) candidates.emplace_back(name.contains(wanted) ? 1 : edit_distance(wanted, name), name);
  }
  std::ranges::sort(candidates);
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(candidates.size(), 5); ++i) {
    text += (i == 0 ? "" : ", ") + candidates[i].second;
  }
  return text;
}

Error no_such_ref(const std::vector<RemoteRef>& refs, const std::string& wanted) {
  std::string message = "the repository has no branch or tag \"" + wanted + "\"";
  const bool hexadecimal = std::ranges::all_of(wanted, [](unsigned char c) { return std::isxdigit(c); });
  if (hexadecimal && wanted.size() >= 7) message += "; a commit is named by its full SHA of 40 digits";
  const std::string near = near_names(refs, wanted);
  message += near.empty() ? "; it is empty" : "; the nearest are: " + near;
  return {Errc::NotFound, message};
}

}  // namespace

bool is_full_sha(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isxdigit(c); });
}

std::string branch_of(std::string_view ref) {
  if (ref.starts_with(kHeads)) ref.remove_prefix(kHeads.size());
  return std::string(ref);
}

Result<Start> choose_start(const std::vector<RemoteRef>& refs, const std::string& wanted) {
  if (wanted.empty() || wanted == "HEAD") return default_start(refs);
  for (const std::string_view prefix : {kHeads, kTags, std::string_view("refs/"), std::string_view()}) {
    if (const RemoteRef* ref = find(refs, std::string(prefix) + wanted)) return start_at(refs, *ref);
  }
  if (!is_full_sha(wanted)) return std::unexpected(no_such_ref(refs, wanted));
  return Start{Start::Kind::Commit, "", lower_case(wanted)};
}

const RemoteRef* find_branch(const std::vector<RemoteRef>& refs, const std::string& branch) {
  return branch.empty() ? nullptr : find(refs, std::string(kHeads) + branch);
}

std::vector<std::string> refspecs(const Start& start, const RemoteRef* task_branch, bool whole_history) {
  if (start.kind == Start::Kind::Unborn) return {};
  std::vector<std::string> specs;
  const auto add_branch = [&](const std::string& ref) {
    specs.push_back("+" + ref + ":refs/remotes/origin/" + branch_of(ref));
  };
  if (whole_history) {
    specs.emplace_back("+refs/heads/*:refs/remotes/origin/*");
  } else if (start.kind == Start::Kind::Branch) {
    add_branch(start.ref);
  }
  if (start.kind == Start::Kind::Commit) specs.push_back(start.commit);
  if (start.kind == Start::Kind::Tag && !whole_history) specs.push_back("+" + start.ref + ":" + start.ref);
  if (start.kind == Start::Kind::Other) specs.push_back("+" + start.ref);
  if (task_branch != nullptr && !whole_history && task_branch->name != start.ref) add_branch(task_branch->name);
  return specs;
}

std::vector<RemoteRef> tracked_refs(const std::vector<RemoteRef>& refs, const Start& start,
                                    const RemoteRef* task_branch, bool whole_history) {
  std::vector<RemoteRef> tracked;
  for (const RemoteRef& ref : refs) {
    if (ref.name.ends_with(kPeeled)) continue;
    const bool wanted =
        whole_history || ref.name == start.ref || (task_branch != nullptr && ref.name == task_branch->name);
    if (!wanted) continue;
    if (ref.name.starts_with(kHeads)) tracked.push_back({"refs/remotes/origin/" + branch_of(ref.name), ref.oid, ""});
    if (ref.name.starts_with(kTags)) tracked.push_back(ref);
  }
  std::ranges::sort(tracked, {}, &RemoteRef::name);
  return tracked;
}

std::string packed_refs(const std::vector<RemoteRef>& refs) {
  std::string text = "# pack-refs with: sorted \n";
  for (const RemoteRef& ref : refs) text += ref.oid + " " + ref.name + "\n";
  return text;
}

}  // namespace axon
