"""docs/reference.md names what there is: fields, reasons, Events, metrics, labels and flags, as the sources have them; examples/ show
every field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.definitions import CRDS, EXAMPLES, ROOT, definition, documents, leaves, paths_in

PAGE = (ROOT / "docs" / "reference.md").read_text()


def section(heading: str, page: str = PAGE) -> list[str]:
    """Its lines, with those of the headings below it."""
    level = heading.split(" ")[0]
    begin = page.index(f"\n{heading}\n") + 1
    end = re.compile(rf"^#{{1,{len(level)}}} ", re.M).search(page, begin + len(heading))
    return page[begin:end.start() if end else None].split("\n")


def source(*files: str) -> str:
    return "\n".join((ROOT / file).read_text() for file in files)


def is_told(path: str, lines: list[str]) -> bool:
    """By its whole path, or in the row of what it lies in."""
    parent, _, leaf = path.rpartition(".")
    plain = [line.replace("[]", "") for line in lines]
    return any(f"`{path}`" in line or (parent and f"`{parent}`" in line and f"`{leaf}`" in line) for line in plain)


@pytest.mark.parametrize("file", CRDS, ids=lambda file: file.stem)
@pytest.mark.parametrize("part", ["spec", "status"])
def test_every_field_is_named(file: Path, part: str):
    kind, schema = definition(file)
    lines = section(f"### {kind}")
    of_task = {f"taskTemplate.{path}" for path in leaves(definition(ROOT / "crds" / "tasks.yaml")[1]["spec"])}
    own = {"taskTemplate.branch"}  # it is a template there
    paths = [path for path in leaves(schema.get(part, {})) if path and (path in own or path not in of_task)]
    assert [path for path in paths if not is_told(path, lines)] == []


def test_every_reason_is_there_and_whether_it_is_retryable():
    outcome = source("core/outcome.cpp")
    reasons = re.findall(r'\{Reason::\w+, "(\w+)"\}', outcome)
    worth_it = set(re.findall(r"case Reason::(\w+):", outcome[outcome.index("bool is_retryable"):outcome.index("return true")]))
    rows = dict(re.findall(r"^\| `(\w+)` \| (yes|no) \|", "\n".join(section("#### Reasons")), re.M))
    before_a_pod = {"DependencyFailed": "no", "CircularDependency": "no"}
    assert rows == {**{reason: "yes" if reason in worth_it else "no" for reason in reasons}, **before_a_pod}


def test_every_phase_condition_and_event_is_there():
    """Whatever the decisions call something by a word in CamelCase."""
    decisions = source("controller/task/plan.cpp", "controller/task/resolve.cpp", "controller/task/dependencies.cpp",
                       "controller/github/token_keeper.cpp")
    words = set(re.findall(r'"((?:[A-Z][a-z]+){2,})"', decisions)) - {"AgentConfig", "NotFound"}  # the parts of some
    words |= {kind + "NotFound" for kind in re.findall(r'missing\("(\w+)"', decisions)}
    words |= set(re.findall(r'std::string_view k\w+ = "(\w+)"', source("core/task_status.hpp")))
    page = "\n".join(section("### Task"))
    assert sorted(word for word in words if f"`{word}`" not in page) == []


def test_every_metric_is_there_and_no_other():
    names = set(re.findall(r'"(axon_\w+)"', source("controller/metrics.cpp")))
    assert set(re.findall(r"`(axon_\w+)`", "\n".join(section("### Metrics")))) == names


def test_every_label_and_annotation_is_there():
    files = [str(path.relative_to(ROOT)) for path in (ROOT / "controller").rglob("*.cpp")
             if not path.name.endswith("_test.cpp") and "fuzz" not in path.parts]
    names = set(re.findall(r'"((?:axon\.io|app\.kubernetes\.io|kueue\.x-k8s\.io)/[a-z-]+)"', source(*files))) - {"axon.io/v1alpha1"}
    page = "\n".join(section("### Task"))
    assert names and sorted(name for name in names if f"`{name}`" not in page) == []


@pytest.mark.parametrize(("files", "heading"), [
    (["controller/main.cpp"], "### axon-controller manager"),
    (["cli/install_command.cpp"], "## Installing on a cluster"),
    (["cli/init_command.cpp", "cli/cluster.cpp", "cli/get_command.cpp", "cli/delete_command.cpp", "cli/suspend_command.cpp",
      "cli/cost_command.cpp", "cli/create_command.cpp"], "## Commands on a cluster"),
    (["cli/run_command.cpp"], "### axon run --local + ### axon run"),
    (["cli/logs_command.cpp"], "### axon logs"),
    (["cli/doctor_command.cpp"], "### axon doctor"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_every_flag_is_there(files: list[str], heading: str):
    flags = set(re.findall(r'add_(?:option|flag)\(\s*"[^"]*?(--[a-z-]+)', source(*files)))
    page = "\n".join(line for part in heading.split(" + ") for line in section(part))
    assert flags and sorted(flag for flag in flags if not re.search(rf"{flag}(?![a-z-])", page)) == []


def test_a_task_spawner_is_said_to_do_nothing_while_nothing_reads_it():
    reads = "taskspawners" in source("controller/manifests/rbac.yaml").split("axon-edit")[0]
    assert ("does not read TaskSpawners" in "\n".join(section("### TaskSpawner"))) != reads


@pytest.mark.parametrize("file", CRDS, ids=lambda file: file.stem)
def test_every_field_is_in_an_example(file: Path):
    kind, schema = definition(file)
    used = {path.removeprefix("taskTemplate.") for document in documents() for path in paths_in(document.get("spec", {}))
            if document["kind"] in (kind, "Task")}  # a template has a Task's fields
    assert [path for path in leaves(schema["spec"]) if path.removeprefix("taskTemplate.") not in used] == []


def test_the_page_of_examples_lists_each():
    page = (ROOT / "examples" / "README.md").read_text()
    files = [path.name for path in EXAMPLES] + [f"{path.parent.name}/" for path in (ROOT / "examples").glob("*/agent.yaml")]
    assert [name for name in files if f"`{name}`" not in page] == []


@pytest.mark.parametrize("page", sorted((*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "examples").glob("*.md"))),
                         ids=lambda page: page.name)
def test_no_link_leads_nowhere(page: Path):
    broken = []
    for link in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.S)):
        file, anchor = link
        if file.startswith(("http://", "https://")):
            continue
        target = (page.parent / file) if file else page
        headings = re.findall(r"^#+ (.*)$", target.read_text(), re.M) if anchor and target.is_file() else []
        anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
        if not target.exists() or (anchor and anchor not in anchors):
            broken.append(link)
    assert broken == []
