#include "core/task_file.hpp"

#include <nlohmann/json.hpp>

#include "core/fields.hpp"
#include "core/json_text.hpp"
#include "core/names.hpp"

namespace axon {
namespace {

using nlohmann::json;

std::vector<InjectedFile> read_files(Fields& parent, Problems& problems) {
  std::vector<InjectedFile> files;
  for (const json* item : parent.objects("files")) {
    Fields fields(*item, "workspace." + at_index("files", files.size()), problems);
    InjectedFile file{fields.text("path"), fields.text("content")};
    if (const std::string wrong = relative_path_problem(file.path); !wrong.empty()) fields.problem("path", wrong);
    fields.done();
    files.push_back(std::move(file));
  }
  return files;
}

WorkspaceSource read_workspace(const json& object, Problems& problems) {
  Fields fields(object, "workspace", problems);
  WorkspaceSource workspace;
  workspace.repo = fields.required_text("repo");
  workspace.ref = fields.text("ref");
  if (fields.has("path")) workspace.path = fields.required_text("path");
  workspace.depth = static_cast<int>(fields.integer("depth", 0, 1'000'000).value_or(1));
  workspace.files = read_files(fields, problems);
  workspace.lfs = fields.boolean("lfs").value_or(true);
  read_parts_wanted(fields, workspace.filter, workspace.sparse);
  fields.done();
  return workspace;
}

std::vector<PluginDocument> read_documents(Fields& parent, const std::string& key, const std::string& path,
                                           Problems& problems) {
  std::vector<PluginDocument> documents;
  for (const json* item : parent.objects(key)) {
    Fields fields(*item, path + "." + at_index(key, documents.size()), problems);
    PluginDocument document{fields.required_text("name"), fields.text("content")};
    fields.check_component("name", document.name);
    fields.done();
    documents.push_back(std::move(document));
  }
  return documents;
}

std::vector<PluginSource> read_plugins(Fields& top, Problems& problems) {
  std::vector<PluginSource> plugins;
  for (const json* item : top.objects("plugins")) {
    const std::string path = at_index("plugins", plugins.size());
    Fields fields(*item, path, problems);
    PluginSource plugin;
    plugin.name = fields.required_text("name");
    fields.check_component("name", plugin.name);
    plugin.skills = read_documents(fields, "skills", path, problems);
    plugin.agents = read_documents(fields, "agents", path, problems);
    fields.done();
    plugins.push_back(std::move(plugin));
  }
  return plugins;
}

json documents_json(const std::vector<PluginDocument>& documents) {
  json list = json::array();
  for (const PluginDocument& document : documents) {
    list.push_back({{"name", document.name}, {"content", document.content}});
  }
  return list;
}

json workspace_json(const WorkspaceSource& workspace) {
  json object = {{"repo", workspace.repo}, {"path", workspace.path}, {"depth", workspace.depth}};
  if (!workspace.ref.empty()) object["ref"] = workspace.ref;
  if (!workspace.lfs) object["lfs"] = false;
  if (!workspace.filter.empty()) object["filter"] = workspace.filter;
  if (!workspace.sparse.empty()) object["sparse"] = workspace.sparse;
  for (const InjectedFile& file : workspace.files) {
    object["files"].push_back({{"path", file.path}, {"content", file.content}});
  }
  return object;
}

}  // namespace

std::string filter_problem(std::string_view filter) {
  if (filter.empty() || filter == "blob:none" || filter == "tree:0") return "";
  constexpr std::string_view kLimit = "blob:limit=";
  if (filter.starts_with(kLimit)) {
    filter.remove_prefix(kLimit.size());
    if (!filter.empty() && std::string_view("kmg").contains(filter.back())) filter.remove_suffix(1);
    const bool number = !filter.empty() && filter.find_first_not_of("0123456789") == std::string_view::npos;
    if (number) return "";
  }
  return "must be blob:none, blob:limit=SIZE (as 100k or 1m) or tree:0";
}

std::string sparse_problem(std::string_view path) {
  const std::string wrong = relative_path_problem(std::string(path));
  if (!wrong.empty()) return "\"" + std::string(path) + "\": " + wrong;
  if (path.find_first_of("*?[\\\n") != std::string_view::npos || path.starts_with('!') || path.starts_with('-')) {
    return "\"" + std::string(path) + "\" is no directory's name: patterns are not taken";
  }
  return "";
}

void read_parts_wanted(Fields& fields, std::string& filter, std::vector<std::string>& sparse) {
  filter = fields.text("filter");
  if (const std::string wrong = filter_problem(filter); !wrong.empty()) fields.problem("filter", wrong);
  sparse = fields.texts("sparse");
  for (std::size_t i = 0; i < sparse.size(); ++i) {
    if (const std::string wrong = sparse_problem(sparse[i]); !wrong.empty())
      fields.problem(at_index("sparse", i), wrong);
  }
}

Result<TaskFile> parse_task_file(std::string_view text, const std::string& source) {
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) return fail(Errc::InvalidInput, source + ": not valid JSON");
  Problems problems;
  TaskFile task;
  Fields fields(document, "", problems);
  const std::string version = fields.text("version");
  if (!version.empty() && version != contract::kVersion) {
    fields.problem("version", "this entrypoint knows contract " + std::string(contract::kVersion) + " only");
  }
  task.name = fields.text("name");
  task.type = fields.text("type");
  task.model = fields.text("model");
  task.branch = fields.text("branch");
  if (const json* workspace = fields.object("workspace")) task.workspace = read_workspace(*workspace, problems);
  task.plugins = read_plugins(fields, problems);
  task.setup_command = fields.texts("setupCommand");
  task.deadline_seconds = fields.integer("deadlineSeconds", 1, INT64_MAX);
  task.stall_seconds = fields.integer("stallSeconds", 1, INT64_MAX);
  task.grace_seconds = fields.integer("graceSeconds", 0, INT64_MAX);
  fields.done();
  if (!problems.empty()) return fail(Errc::InvalidInput, to_string(problems, source));
  return task;
}

std::string to_json(const TaskFile& task) {
  json object = {{"version", contract::kVersion}};
  const auto put = [&](const char* key, const std::string& value) {
    if (!value.empty()) object[key] = value;
  };
  put("name", task.name);
  put("type", task.type);
  put("model", task.model);
  put("branch", task.branch);
  if (task.workspace) object["workspace"] = workspace_json(*task.workspace);
  for (const PluginSource& plugin : task.plugins) {
    object["plugins"].push_back(
        {{"name", plugin.name}, {"skills", documents_json(plugin.skills)}, {"agents", documents_json(plugin.agents)}});
  }
  if (!task.setup_command.empty()) object["setupCommand"] = task.setup_command;
  if (task.deadline_seconds) object["deadlineSeconds"] = *task.deadline_seconds;
  if (task.stall_seconds) object["stallSeconds"] = *task.stall_seconds;
  if (task.grace_seconds) object["graceSeconds"] = *task.grace_seconds;
  return json_text(object, 2);
}

}  // namespace axon
