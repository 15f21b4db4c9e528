"""Fixtures and the rule on skips: with CI=true a test that cannot run is a test that failed."""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import agents, cluster as clusters  # noqa: E402
from support.apiserver import ApiServer  # noqa: E402
from support.axon_cluster import Programs, installed  # noqa: E402
from support.claude_run import ClaudeTask  # noqa: E402
from support.codex_run import CodexTask  # noqa: E402
from support.hostile import Theatre  # noqa: E402
from support.gemini_run import GeminiTask  # noqa: E402
from support.github_app import AppKey, GitHubWithApp  # noqa: E402
from support.log_node import LogNode  # noqa: E402
from support.opencode_run import OpencodeTask  # noqa: E402
from support.prepare import Clone  # noqa: E402
from support.repos import Repo  # noqa: E402
from support.run import Sandbox  # noqa: E402
from support.there import with_crds  # noqa: E402
from support.tls import Authority  # noqa: E402

IN_CI = os.environ.get("CI") == "true"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    outcome = yield
    report = outcome.get_result()
    if report.skipped and not hasattr(report, "wasxfail") and IN_CI:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI=true does not allow: {report.longrepr}"


def pytest_terminal_summary(terminalreporter) -> None:
    """Says each skip loudly, whatever options pytest was given."""
    for report in terminalreporter.stats.get("skipped", []):
        terminalreporter.write_line(f"NOT RUN: {report.nodeid}: {report.longrepr[-1]}", red=True, bold=True)


def pytest_configure(config: pytest.Config) -> None:
    # pytest's own folder is shared by all runs of a user, and each makes it unreadable for others as it begins: a run
    # beside this one would take it from an agent under another UID.
    if config.option.basetemp is None:
        config.option.basetemp = tempfile.mkdtemp(prefix="axon-tests-")
    try:
        agents.put_node_into_path()
    except agents.NotInstalled as error:
        print(f"node: {error}", file=sys.stderr)  # what needs it is skipped and says so


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if exitstatus == pytest.ExitCode.OK:  # what a failed run has left may be looked at
        shutil.rmtree(session.config.option.basetemp, ignore_errors=True)


def _program(variable: str) -> str:
    path = os.environ.get(variable)
    if not path or not os.access(path, os.X_OK):
        pytest.skip(f"{variable} names no program: {path!r}")
    return os.path.abspath(path)  # a run has a directory of its own


@pytest.fixture(scope="session")
def entrypoint() -> str:
    return _program("AXON_ENTRYPOINT")


@pytest.fixture(scope="session")
def axon_cli() -> str:
    return _program("AXON_CLI")


@pytest.fixture(scope="session")
def claude() -> Path:
    try:
        return agents.claude()
    except agents.NotInstalled as error:
        pytest.skip(f"the claude CLI is not here: {error}")


@pytest.fixture(scope="session")
def gemini() -> Path:
    try:
        return agents.gemini()
    except agents.NotInstalled as error:
        pytest.skip(f"the gemini CLI is not here: {error}")


@pytest.fixture(scope="session")
def codex() -> Path:
    try:
        return agents.codex()
    except agents.NotInstalled as error:
        pytest.skip(f"the codex CLI is not here: {error}")


@pytest.fixture(scope="session")
def opencode() -> Path:
    try:
        return agents.opencode()
    except agents.NotInstalled as error:
        pytest.skip(f"the opencode CLI is not here: {error}")


@pytest.fixture(scope="session")
def mcp_server() -> list[str]:
    try:
        return agents.mcp_server()
    except agents.NotInstalled as error:
        pytest.skip(f"the MCP server is not here: {error}")


@pytest.fixture(scope="session")
def apiserver():
    """A real kube-apiserver and etcd, as kubectl on them; nothing runs Pods."""
    yield from clusters.or_skip(clusters.apiserver())


@pytest.fixture(scope="session")
def oldest_apiserver():
    """The same of the oldest version that is supported."""
    yield from clusters.or_skip(clusters.apiserver("1.28"))


@pytest.fixture(scope="session")
def cluster():
    """A whole node with kubelet and containerd, as kubectl on it."""
    yield from clusters.or_skip(clusters.node())


@pytest.fixture(scope="session")
def programs() -> Programs:
    return Programs(_program("AXON_CLI"), _program("AXON_CONTROLLER"), _program("AXON_ENTRYPOINT"))


@pytest.fixture(scope="session")
def axon_cluster(tmp_path_factory: pytest.TempPathFactory, programs: Programs):
    """A whole node on which `axon install` has been run, with images of shell-agent and others."""
    yield from clusters.or_skip(installed(tmp_path_factory.mktemp("images"), programs))


@pytest.fixture(scope="session")
def kube_probe() -> str:
    return _program("AXON_KUBE_PROBE")


@pytest.fixture(scope="session")
def controller() -> str:
    return _program("AXON_CONTROLLER")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory):
    """An API server for one file of tests, which may kill it and start it again."""
    folder = tmp_path_factory.mktemp("apiserver")
    for kubectl in clusters.or_skip(clusters.apiserver("default", *ApiServer.flags(folder))):
        server = ApiServer(folder, kubectl)
        yield server
        server.stop()


@pytest.fixture(scope="module")
def axon_api(api: ApiServer) -> ApiServer:
    """The same, which knows Axon's kinds."""
    with_crds(api.kubectl)
    return api


@pytest.fixture(scope="session")
def shared_api(tmp_path_factory: pytest.TempPathFactory):
    """One that knows Axon's kinds, for all the files of a run: they leave it alive, and have namespaces of their own."""
    folder = tmp_path_factory.mktemp("shared-apiserver")
    for kubectl in clusters.or_skip(clusters.apiserver("default", *ApiServer.flags(folder))):
        yield ApiServer(folder, with_crds(kubectl))


@pytest.fixture(scope="session")
def log_node(shared_api: ApiServer, tmp_path_factory: pytest.TempPathFactory):
    """The node of its Pods, which has their logs."""
    with LogNode(shared_api, Authority(tmp_path_factory.mktemp("node")), "node-1") as node:
        yield node


@pytest.fixture
def rng() -> random.Random:
    """AXON_SEED is its seed, or else another one each time; pytest shows it where a test fails."""
    seed = int(os.environ.get("AXON_SEED") or time.time_ns() % 1_000_000)
    print(f"AXON_SEED={seed}")
    return random.Random(seed)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="session")
def app_key(tmp_path_factory: pytest.TempPathFactory) -> AppKey:
    return AppKey(tmp_path_factory.mktemp("key"))


@pytest.fixture
def github(app_key: AppKey, authority: Authority):
    with GitHubWithApp(app_key, tls=authority.server_context()) as github:
        yield github


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "served")


@pytest.fixture
def sandbox(tmp_path: Path):
    box = Sandbox(tmp_path / "run")
    yield box
    box.close()


@pytest.fixture
def claude_task(sandbox: Sandbox, entrypoint: str, claude: Path) -> ClaudeTask:
    sandbox.env["PATH"] = f"{claude.parent}:{sandbox.env['PATH']}"
    return ClaudeTask(entrypoint, sandbox)


@pytest.fixture
def codex_task(sandbox: Sandbox, entrypoint: str, codex: Path) -> CodexTask:
    sandbox.env["PATH"] = f"{codex.parent}:{sandbox.env['PATH']}"
    return CodexTask(entrypoint, sandbox)


@pytest.fixture(scope="module")
def theatre(request: pytest.FixtureRequest, entrypoint: str):
    theatre = Theatre(entrypoint).start_all(request)
    yield theatre
    theatre.close()


@pytest.fixture
def gemini_task(sandbox: Sandbox, entrypoint: str, gemini: Path) -> GeminiTask:
    node = Path(shutil.which("node") or "node")
    sandbox.env["PATH"] = f"{gemini.parent}:{node.parent}:{sandbox.env['PATH']}"
    return GeminiTask(entrypoint, sandbox)


@pytest.fixture
def opencode_task(sandbox: Sandbox, entrypoint: str, opencode: Path) -> OpencodeTask:
    sandbox.env["PATH"] = f"{opencode.parent}:{sandbox.env['PATH']}"
    return OpencodeTask(entrypoint, sandbox)


@pytest.fixture
def clone(sandbox: Sandbox, entrypoint: str) -> Clone:
    return Clone(entrypoint, sandbox)
