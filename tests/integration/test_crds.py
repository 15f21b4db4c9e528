"""The custom resources on a real API server, the current and the oldest one: what it takes, what it refuses and how it
says so. Each test applies by kubectl, as users do."""

from __future__ import annotations

import copy
import re

import pytest

from support.definitions import CRDS, EXAMPLES, ROOT
from support.run import Sandbox

README_OF_AXON = ROOT / "tests" / "integration" / "testdata" / "axon.yaml"
KINDS = {"Task": "tasks", "Workspace": "workspaces", "AgentConfig": "agentconfigs", "TaskSpawner": "taskspawners"}

CREDENTIALS = {"type": "api-key", "secretRef": {"name": "s"}}
SPECS = {
    "Task": {"type": "codex", "prompt": "Fix it", "credentials": CREDENTIALS},
    "Workspace": {"repo": "https://github.com/a/b.git"},
    "AgentConfig": {"mcpServers": [{"name": "m", "type": "stdio", "command": "run"}]},
    "TaskSpawner": {"when": {"cron": {"schedule": "0 6 * * 1"}}, "taskTemplate": {"type": "codex", "credentials": CREDENTIALS}},
}

DELETED = object()


@pytest.fixture(scope="module", params=["apiserver", "oldest_apiserver"])
def server(request):
    kubectl = request.getfixturevalue(request.param)
    for crd in CRDS:
        kubectl("apply", "--server-side", "-f", str(crd))
    for plural in KINDS.values():
        kubectl("wait", "--for=condition=Established", f"crd/{plural}.axon.io", "--timeout=60s")
    return kubectl


def changed(kind: str, changes: dict) -> dict:
    """The smallest document of the kind, with the value at each dotted path set or deleted."""
    document = {"apiVersion": "axon.io/v1alpha1", "kind": kind, "metadata": {"name": "case"},
                "spec": copy.deepcopy(SPECS[kind])}
    for path, value in changes.items():
        at = document
        *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in parents:
            at = at[part] if isinstance(at, list) else at.setdefault(part, {})
        if value is DELETED:
            del at[last]
        else:
            at[last] = value
    return document


def mcp(**fields) -> dict:
    return {"spec.mcpServers": [{"name": "m", **fields}]}


def plugin(name: str) -> dict:
    return {"spec.plugins": [{"name": name}]}


def env(**fields) -> dict:
    return {"spec.podOverrides.env": [{"name": "A", **fields}]}


KEY = {"name": "s", "key": "k"}

ACCEPTED = [
    ("Task", {}),
    ("Task", {"spec.credentials": {"type": "none"}}),
    ("Task", {"spec.credentials.type": "oauth"}),
    ("Task", {"spec.type": "mine", "spec.image": "me/mine:1", "spec.injectEntrypoint": True}),
    ("Task", {"spec.prompt": "-x " + "long " * 50_000}),
    ("Task", {"spec.ttlSecondsAfterFinished": 0, "spec.stallSeconds": 1, "spec.gracePeriodSeconds": 1}),
    ("Task", {"spec.dependsOn": [f"t{i}" for i in range(64)], "spec.branch": "fix/1"}),
    *(("Task", {"spec.branch": branch}) for branch in ("schön", "a@b", "a-", "a.b/x{", "lock", "")),
    ("Task", {"spec.agentConfigRef": {"name": "a"}, "spec.agentConfigRefs": [{"name": "b"}, {"name": "c"}]}),
    ("Task", {"metadata.name": "a" * 63}),
    ("Task", env(value="1")),
    ("Task", env(valueFrom={"secretKeyRef": {**KEY, "optional": True}})),
    ("Task", env(valueFrom={"configMapKeyRef": KEY})),
    ("Task", env(valueFrom={"fieldRef": {"fieldPath": "metadata.name"}})),
    ("Task", {"spec.podOverrides": {
        "activeDeadlineSeconds": 1, "resources": {"limits": {"cpu": 2, "memory": "1Gi"}}, "labels": {"a": "b"},
        "annotations": {"a": "b"}, "nodeSelector": {"a": "b"}, "tolerations": [{"key": "a", "operator": "Exists"}],
        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}}},
        "priorityClassName": "p", "runtimeClassName": "gvisor", "serviceAccountName": "sa", "imagePullSecrets": [{"name": "s"}],
        "securityContext": {"runAsUser": 0, "runAsNonRoot": False}, "volumes": [{"name": "v", "emptyDir": {"sizeLimit": "1Gi"}}],
        "volumeMounts": [{"name": "v", "mountPath": "/v", "readOnly": True}],
        "sidecars": [{"name": "db", "image": "postgres", "env": [{"name": "A", "value": "b"}]}]}}),
    ("Workspace", {"spec.repo": "git@github.com:a/b.git"}),
    ("Workspace", {"spec.repo": "ssh://git@host:22/a/b"}),
    ("Workspace", {"spec.repo": "git://host/a"}),
    ("Workspace", {"spec.files": [{"path": "a/..b/c", "content": ""}], "spec.setupCommand": ["make", "deps"]}),
    ("Workspace", {"spec.depth": 0, "spec.filter": "blob:limit=100k", "spec.sparse": ["a/b", "c"], "spec.lfs": False}),
    ("AgentConfig", {"spec": {}}),
    ("AgentConfig", mcp(type="http", url="https://h/mcp", headers={"A": "b"}, headersFrom=[
        {"name": "Authorization", "prefix": "Bearer ", "secretKeyRef": KEY}])),
    ("AgentConfig", mcp(type="stdio", command="npx", args=["-y"], env={"A": "b"}, envFrom=[{"name": "K", "secretKeyRef": KEY}])),
    ("AgentConfig", plugin("..hidden")),
    ("TaskSpawner", {}),
    ("TaskSpawner", {"spec.taskTemplate.branch": "fix/{{.Number}}", "spec.taskTemplate.promptTemplate": "{{.Title}}"}),
    ("TaskSpawner", {"spec.when": {"githubIssues": {}}, "spec.taskTemplate.workspaceRef": {"name": "w"}}),
    ("TaskSpawner", {"spec.pollInterval": "1h30m", "spec.maxConcurrency": 3, "spec.maxTotalTasks": 50, "spec.suspend": True}),
]

IMAGE = "image is required with a type other than claude-code, codex, gemini and opencode"
COMPONENT = 'a name is one component of a path, without slash and backslash, and neither "." nor ".."'
STDIO_ONLY = "command and args are for type stdio"
NOT_STDIO = "url, headers and headersFrom are not for type stdio"
RELATIVE = 'path is relative to the repository, without "..", and has no backslash'
SPARSE = 'the path of a directory in the repository, without a leading "/", ".." and patterns'
ONE_SOURCE = "exactly one of secretKeyRef, configMapKeyRef and fieldRef"

REFUSED = [
    ("Task", {"spec": DELETED}, "spec: Required value"),
    ("Task", {"spec.type": DELETED}, "spec.type: Required value"),
    ("Task", {"spec.type": "mine"}, IMAGE),
    ("Task", {"spec.type": "Mine", "spec.image": "i"}, "spec.type in body should match"),
    ("Task", {"spec.type": "a" * 64, "spec.image": "i"}, "spec.type: Too long"),
    ("Task", {"spec.prompt": DELETED}, "spec.prompt: Required value"),
    ("Task", {"spec.prompt": ""}, "spec.prompt in body should be at least 1 chars long"),
    ("Task", {"spec.credentials": DELETED}, "spec.credentials: Required value"),
    ("Task", {"spec.credentials": {"type": "oauth"}}, "secretRef is required unless type is none"),
    ("Task", {"spec.credentials.type": "token"}, 'supported values: "api-key", "oauth", "none"'),
    ("Task", {"spec.ttlSecondsAfterFinished": -1}, "should be greater than or equal to 0"),
    ("Task", {"spec.stallSeconds": 0}, "should be greater than or equal to 1"),
    ("Task", {"spec.podOverrides.activeDeadlineSeconds": 0}, "should be greater than or equal to 1"),
    ("Task", {"spec.dependsOn": ["a", "a"]}, "Duplicate value"),
    ("Task", {"spec.dependsOn": [f"t{i}" for i in range(65)]}, "must have at most 64 items"),
    *(("Task", {"spec.branch": branch}, "branch is no name that git takes")
      for branch in ("a b", "a\tb", "-a", "/a", ".a", "a/", "a.", "a..b", "a//b", "a/.b", "a.lock", "a.lock/b", "a@{1}", "@",
                     "HEAD", "a~1", "a^", "a:b", "a?", "a*", "a[b", "a\\b", "a\x7f")),
    ("Task", {"metadata.name": "a" * 64}, "a Task's name has at most 63 characters, because its Job has the same name"),
    ("Task", {"spec.promt": "x"}, 'unknown field "spec.promt"'),
    ("Task", env(value="1", valueFrom={"secretKeyRef": KEY}), "value and valueFrom exclude each other"),
    ("Task", env(valueFrom={}), ONE_SOURCE),
    ("Task", env(valueFrom={"secretKeyRef": KEY, "configMapKeyRef": KEY}), ONE_SOURCE),
    ("Task", {"spec.podOverrides.env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]}, "Duplicate value"),
    ("Task", {"spec.podOverrides.env": [{"name": "A=B", "value": "1"}]}, "should match"),
    ("Task", {"spec.podOverrides.sidecars": [{"name": "db"}]}, "image: Required value"),
    ("Workspace", {"spec.repo": DELETED}, "spec.repo: Required value"),
    ("Workspace", {"spec.repo": "file:///srv/repo"}, "repo is a URL that begins with https://, http://, ssh://, git:// or git@"),
    ("Workspace", {"spec.depth": -1}, "should be greater than or equal to 0"),
    ("Workspace", {"spec.filter": "blob:all"}, "filter is blob:none, blob:limit=SIZE (as 100k or 1m) or tree:0"),
    ("Workspace", {"spec.sparse": ["a/../b"]}, SPARSE),
    ("Workspace", {"spec.sparse": ["*.md"]}, SPARSE),
    ("Workspace", {"spec.sparse": ["a[b"]}, SPARSE),
    ("Workspace", {"spec.sparse": ["a\\b"]}, SPARSE),
    ("Workspace", {"spec.files": [{"path": "/etc/passwd", "content": ""}]}, RELATIVE),
    ("Workspace", {"spec.files": [{"path": "a/../../b", "content": ""}]}, RELATIVE),
    ("Workspace", {"spec.files": [{"path": "a\\b", "content": ""}]}, RELATIVE),
    ("Workspace", {"spec.files": [{"path": "a"}]}, "content: Required value"),
    ("Workspace", {"spec.files": [{"path": "a", "content": "1"}, {"path": "a", "content": "2"}]}, "Duplicate value"),
    ("AgentConfig", mcp(type="stdio"), "command is required with type stdio"),
    ("AgentConfig", mcp(type="http"), "url is required with types http and sse"),
    ("AgentConfig", mcp(type="sse"), "url is required with types http and sse"),
    ("AgentConfig", mcp(type="stdio", command="c", url="https://h"), NOT_STDIO),
    ("AgentConfig", mcp(type="stdio", command="c", headers={"A": "b"}), NOT_STDIO),
    ("AgentConfig", mcp(type="http", url="https://h", command="c"), STDIO_ONLY),
    ("AgentConfig", mcp(type="sse", url="https://h", args=["a"]), STDIO_ONLY),
    ("AgentConfig", mcp(type="grpc", url="https://h"), 'supported values: "stdio", "http", "sse"'),
    ("AgentConfig", mcp(command="c"), "type: Required value"),
    ("AgentConfig", mcp(type="http", url="https://h", headersFrom=[{"name": "A"}]), "secretKeyRef: Required value"),
    ("AgentConfig", {"spec.mcpServers": [{"name": "m", "type": "stdio", "command": "c"}] * 2}, "Duplicate value"),
    ("AgentConfig", {"spec.mcpServers.0.name": "a/b"}, COMPONENT),
    ("AgentConfig", plugin("."), COMPONENT),
    ("AgentConfig", plugin(".."), COMPONENT),
    ("AgentConfig", plugin("a\\b"), COMPONENT),
    ("AgentConfig", plugin(""), COMPONENT),
    ("AgentConfig", {"spec.plugins": [{"name": "p", "skills": [{"name": "a/b", "content": "c"}]}]}, COMPONENT),
    ("AgentConfig", {"spec.plugins": [{"name": "p", "agents": [{"name": "a"}]}]}, "content: Required value"),
    ("TaskSpawner", {"spec.when": {}}, "exactly one of githubIssues and cron"),
    ("TaskSpawner", {"spec.when.githubIssues": {}, "spec.taskTemplate.workspaceRef": {"name": "w"}},
     "exactly one of githubIssues and cron"),
    ("TaskSpawner", {"spec.when": {"githubIssues": {}}}, "taskTemplate.workspaceRef is required with githubIssues"),
    ("TaskSpawner", {"spec.when": {"githubIssues": {"state": "new"}}}, 'supported values: "open", "closed", "all"'),
    ("TaskSpawner", {"spec.when": {"githubIssues": {"types": ["commits"]}}}, 'supported values: "issues", "pulls"'),
    ("TaskSpawner", {"spec.when.cron.schedule": "daily"}, "a schedule has five fields"),
    ("TaskSpawner", {"spec.pollInterval": "5 minutes"}, 'pollInterval is a duration as "30s", "5m" or "1h30m"'),
    ("TaskSpawner", {"spec.maxConcurrency": -1}, "should be greater than or equal to 0"),
    ("TaskSpawner", {"spec.taskTemplate.type": "mine"}, IMAGE),
    ("TaskSpawner", {"spec.taskTemplate.credentials": {"type": "api-key"}}, "secretRef is required unless type is none"),
    ("TaskSpawner", {"spec.taskTemplate.prompt": "x"}, 'unknown field "spec.taskTemplate.prompt"'),
]


def names(cases: list) -> list[str]:
    return [f"{i}-{case[0]}-{','.join(case[1]) or 'minimal'}" for i, case in enumerate(cases)]


@pytest.mark.parametrize("case", ACCEPTED, ids=names(ACCEPTED))
def test_what_is_right_is_taken(server, case):
    kind, changes = case
    document = changed(kind, changes)
    server.apply(document, "--server-side", "--dry-run=server", "--validate=strict")


@pytest.mark.parametrize("case", REFUSED, ids=names(REFUSED))
def test_what_is_wrong_is_refused_with_a_reason(server, case):
    kind, changes, message = case
    refused = server.try_apply(changed(kind, changes), "--dry-run=server", "--validate=strict")
    assert refused.returncode != 0
    assert message in refused.stderr.replace('\\"', '"'), refused.stderr


@pytest.mark.parametrize("file", [*EXAMPLES, README_OF_AXON], ids=lambda file: file.name)
def test_the_examples_apply(server, file):
    server("apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", str(file))


@pytest.mark.parametrize("change", [
    {"prompt": "another"}, {"model": "opus"}, {"podOverrides": {"affinity": {"podAffinity": {"a": "b"}}}},
    {"podOverrides": {"affinity": {"nodeAffinity": {"a": "other"}}}}, {"branch": None},
    {"podOverrides": {"affinity": {"nodeAffinity": None, "podAffinity": {"a": "b"}}}},
    {"podOverrides": {"affinity": {"nodeAffinity": {"a": None, "c": "b"}}}},
    {"podOverrides": {"volumes": [{"name": "v", "hostPath": {}}]}},
], ids=lambda change: str(change))
def test_the_spec_of_a_task_cannot_be_changed(server, change):
    server.apply(changed("Task", {"metadata.name": "fixed", "spec.branch": "b", "spec.podOverrides": {
        "affinity": {"nodeAffinity": {"a": "b"}}, "volumes": [{"name": "v", "emptyDir": {}}]}}))
    patched = server.patch("task", "fixed", {"spec": change})
    assert patched.returncode != 0 and "Task spec is immutable after creation" in patched.stderr
    assert server.patch("task", "fixed", {"metadata": {"labels": {"a": "b"}}}).returncode == 0


def test_defaults_are_filled_in(server):
    server.apply(changed("TaskSpawner", {"metadata.name": "defaults", "spec.when": {"githubIssues": {}},
                                         "spec.taskTemplate.workspaceRef": {"name": "w"}}))
    spec = server.get("taskspawner", "defaults")["spec"]
    assert spec["pollInterval"] == "5m"
    assert spec["when"]["githubIssues"] == {"types": ["issues"], "state": "open"}


STATUS = {
    "phase": "Failed", "reason": "RateLimited", "message": "The provider asked to wait.", "retryable": True, "jobName": "j",
    "podName": "p", "startTime": "2026-01-01T00:00:00Z", "completionTime": "2026-01-01T00:01:00Z", "observedGeneration": 1,
    "outputs": ["branch: fix/1"], "results": {"branch": "fix/1"},
    "usage": {"inputTokens": 1, "outputTokens": 2, "cacheReadTokens": 3, "cacheWriteTokens": 4, "reasoningTokens": 5,
              "costUSD": "0.01"},
    "conditions": [{"type": "Complete", "status": "True", "reason": "Failed", "message": "m",
                    "lastTransitionTime": "2026-01-01T00:01:00Z", "observedGeneration": 1}],
}


def test_a_status_is_kept_whole_and_the_columns_show_it(server):
    server.apply(changed("Task", {"metadata.name": "shown", "spec.branch": "fix/1", "spec.dependsOn": ["a", "b"]}))
    assert server.patch("task", "shown", {"status": STATUS}, "--subresource=status").returncode == 0
    assert server.get("task", "shown")["status"] == STATUS
    assert server("get", "task", "shown").split("\n")[0].split() == ["NAME", "TYPE", "PHASE", "AGE"]
    wide = server("get", "tasks", "shown", "-o", "wide").split("\n")
    assert re.split(r"\s{2,}", wide[0].strip()) == ["NAME", "TYPE", "PHASE", "REASON", "BRANCH", "DEPENDS ON", "AGE"]
    assert re.split(r"\s{2,}", wide[1].strip())[:6] == ["shown", "codex", "Failed", "RateLimited", "fix/1", '["a","b"]']


def test_the_other_kinds_have_short_names_and_columns(server):
    server.apply(changed("TaskSpawner", {"metadata.name": "shown", "spec.suspend": True,
                                         "spec.taskTemplate.workspaceRef": {"name": "w"}}))
    status = {"phase": "Suspended", "deploymentName": "d", "totalDiscovered": 7, "totalTasksCreated": 5, "activeTasks": 2,
              "lastDiscoveryTime": "2026-01-01T00:00:00Z", "message": "m", "observedGeneration": 1,
              "conditions": [{"type": "Suspended", "status": "True", "reason": "r", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}
    assert server.patch("ts", "shown", {"status": status}, "--subresource=status").returncode == 0
    assert server.get("ts", "shown")["status"] == status
    lines = server("get", "ts", "shown").split("\n")
    assert lines[0].split() == ["NAME", "WORKSPACE", "SUSPEND", "PHASE", "ACTIVE", "DISCOVERED", "TASKS", "AGE"]
    assert lines[1].split()[:7] == ["shown", "w", "true", "Suspended", "2", "7", "5"]
    server.apply(changed("Workspace", {"metadata.name": "shown", "spec.ref": "main"}))
    lines = server("get", "ws", "shown").split("\n")
    assert lines[0].split() == ["NAME", "REPO", "REF", "AGE"]
    assert lines[1].split()[:3] == ["shown", "https://github.com/a/b.git", "main"]
    server.apply(changed("AgentConfig", {"metadata.name": "shown"}))
    assert server("get", "ac", "shown").split("\n")[0].split() == ["NAME", "AGE"]
    assert "workspace.axon.io/shown" in server("get", "axon", "-o", "name")  # the category


def objects(schema: dict, path: str):
    """The path of each object in the schema that has named fields, with their names."""
    schema = schema.get("items", schema)
    if "properties" in schema:
        yield path, list(schema["properties"])
        for name, field in schema["properties"].items():
            if name != "metadata":
                yield from objects(field, f"{path}.{name}")


@pytest.mark.parametrize("plural", KINDS.values())
def test_every_field_is_explained(server, plural):
    crd = server.get("crd", f"{plural}.axon.io")
    schema = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    for path, fields in objects(schema, plural):
        text = server("explain", path, "--api-version=axon.io/v1alpha1")
        assert "<no description>" not in text and "<empty>" not in text, text
        for field in fields:
            assert re.search(rf"^  {field}\t<.*\n(  enum: .*\n)?    \S", text, re.M), f"{path}.{field}: {text}"


def test_the_definitions_stay_small():
    assert [crd.name for crd in CRDS if crd.stat().st_size >= 100_000] == []


def test_the_command_line_makes_a_task(server, axon_cli: str, sandbox: Sandbox):
    command = (axon_cli, "run", "-p", "x", "--credential-type", "none", "-n", "default", "-o", "name")
    done = sandbox.run(*command, KUBECONFIG=str(server.kubeconfig))
    assert server("get", done.log.strip(), "-n", "default", "-o", "jsonpath={.spec.prompt}") == "x", done
