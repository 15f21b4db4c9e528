"""The images: what is in them, and that they run as anybody on a real node."""

from __future__ import annotations


import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from support import cluster as clusters, images, pods
from support.anthropic import claude_provider
from support.chat import chat_provider
from support.cluster import Kubectl
from support.gemini import gemini_provider
from support.images import Image
from support.openai import codex_provider
from support.outputs import parse_markers
from support.provider import Provider, Reply, Usage

WITH_BASE = ("shell-agent",)
PROGRAMS = {"claude-code": "claude", "codex": "codex", "gemini": "gemini", "opencode": "opencode"}
MIB = 1 << 20


def opened(name: str) -> Image:
    try:
        return Image(images.archive(name))
    except images.CannotBuild as error:
        pytest.skip(f"the image {name} cannot be made here: {error}")


@pytest.fixture(scope="module")
def node():
    """A node that has all images."""
    archives = [opened(name).archive for name in ("runtime", "controller", *WITH_BASE)]
    yield from clusters.or_skip(clusters.node(archives))


@pytest.mark.parametrize(("name", "program"), [("runtime", "axon-entrypoint"), ("controller", "axon-controller")])
def test_an_image_on_nothing_holds_one_program_and_the_certificates(name: str, program: str) -> None:
    image = opened(name)
    files = image.files()
    assert set(files) == {program, "etc/ssl/certs/ca-certificates.crt"}
    assert files[program].mode & 0o7777 == 0o755 and files[program].uid == 0
    assert sum(file.size for file in files.values()) <= 10 * MIB
    assert image.config["User"] == "61100:61100"
    assert image.config["Entrypoint"] == [f"/{program}"]


@pytest.mark.parametrize("name", ["runtime", *WITH_BASE])
def test_an_image_of_the_contract_says_so(name: str) -> None:
    assert opened(name).config["Labels"]["axon.io/contract"] == "v1"


@pytest.mark.parametrize("name", WITH_BASE)
def test_an_agent_image_has_its_user_and_its_path(name: str) -> None:
    config = opened(name).config
    assert config["User"] == "61100:61100"
    assert config["Entrypoint"] == ["/axon_entrypoint.sh"]
    variables = dict(one.split("=", 1) for one in config["Env"])
    assert variables["HOME"] == "/home/agent"
    assert variables["PATH"].split(":")[0] == "/home/agent/.local/bin"


def test_the_archive_has_the_name_that_the_controller_asks_for() -> None:
    assert images.name("runtime") in opened("runtime").names


@pytest.mark.parametrize(("name", "command"), [
    ("runtime", ["/axon-entrypoint", "version"]), ("controller", ["/axon-controller", "--version"]),
    *((name, ["axon-entrypoint", "version"]) for name in WITH_BASE)])
@pytest.mark.parametrize("uid", [61100, 123456])
def test_its_program_starts_whoever_runs_it(node: Kubectl, name: str, command: list[str], uid: int) -> None:
    spec = pods.locked_down(images.name(name), *command, uid=uid, gid=0, read_only=True)
    ended = pods.run(node, f"starts-{name}-{uid}", spec)
    assert (ended.exit_code, ended.log.split()[:2]) == (0, [command[0].removeprefix("/"), images.version()])


TOOLS = """
set -e
for tool in axon-entrypoint curl gh git git-lfs jq less node npm patch ps python3 rg ssh unzip; do command -v $tool >/dev/null || echo no $tool; done
echo echo ran >$HOME/.local/bin/own-tool && chmod +x $HOME/.local/bin/own-tool && own-tool
echo content >/workspace/file
git init -q $HOME/repo && cd $HOME/repo && git -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m first && git log --format=%s
"""


@pytest.mark.parametrize(("uid", "gid"), [(61100, 61100), (123456, 0)], ids=["own-user", "any-user"])
def test_the_base_has_the_tools_and_folders_to_write(node: Kubectl, uid: int, gid: int) -> None:
    ended = pods.run(node, f"tools-{uid}", pods.locked_down(images.name("shell-agent"), "bash", "-c", TOOLS, uid=uid, gid=gid))
    assert (ended.exit_code, ended.log) == (0, "ran\nfirst\n")


def test_an_agent_runs_as_anybody_on_a_root_that_nobody_can_write(node: Kubectl) -> None:
    spec = pods.locked_down(images.name("shell-agent"), "/axon_entrypoint.sh", "run: id -u; touch /etc/x", uid=123456, gid=0,
                            read_only=True)
    ended = pods.run(node, "read-only", spec)
    assert "Read-only file system" in ended.log
    assert "123456" in ended.log.splitlines()
    assert ended.exit_code == 1


def run_in(image: str, *command: str) -> str:
    """What it says as anybody on a root that nobody can write."""
    try:
        done = images.run(image, *command, uid=123456)
    except images.CannotBuild as error:
        pytest.skip(f"the image {image} cannot be made here: {error}")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_agent_is_there_in_the_pinned_version(name: str) -> None:
    (pinned,) = json.loads((images.ROOT / "images" / name / "package.json").read_text())["dependencies"].values()
    said = run_in(name, "HOME=/tmp", "bash", "-c", f"echo $AXON_AGENT_TYPE; axon-entrypoint version && {PROGRAMS[name]} --version")
    kind, entrypoint, version = said.splitlines()
    assert kind == name
    assert entrypoint.split()[:2] == ["axon-entrypoint", images.version()]
    assert pinned in version.split()


OPENCODE = json.dumps({"provider": {"stub": {"npm": "@ai-sdk/openai-compatible", "models": {"m1": {}},
                                            "options": {"baseURL": "$URL/v1", "apiKey": "{env:OPENCODE_API_KEY}"}}}})


START = """
if [ -n "$1" ]; then export HOME=/tmp/home && mkdir -p "$HOME/${1%/*}" && printf %s "$2" >"$HOME/$1"; fi
exec /axon_entrypoint.sh "Who are you?"
"""


@dataclass(frozen=True)
class Agent:
    provider: Callable[..., Provider]
    variables: tuple[str, ...]  # $URL is the provider's
    file: tuple[str, str] = ("", "")  # one in HOME


AGENTS = {
    "claude-code": Agent(claude_provider, ("ANTHROPIC_BASE_URL=$URL", "ANTHROPIC_API_KEY=sk-ant-test-0123456789")),
    "codex": Agent(codex_provider, ("OPENAI_BASE_URL=$URL/v1", "CODEX_API_KEY=sk-proj-test-0123456789")),
    "gemini": Agent(gemini_provider, ("GOOGLE_GEMINI_BASE_URL=$URL", "GEMINI_API_KEY=AIzaSyTest-0123456789",
                                      "AXON_MODEL=gemini-2.5-pro")),
    "opencode": Agent(chat_provider, ("OPENCODE_API_KEY=sk-opencode-test-0123456789", "AXON_MODEL=stub/m1"),
                      (".config/opencode/opencode.json", OPENCODE)),
}


@pytest.mark.parametrize("name", AGENTS)
def test_the_agent_works_as_anybody_on_a_root_that_nobody_can_write(name: str) -> None:
    agent = AGENTS[name]
    script = (Reply(text="I will.", shell="id -u", usage=Usage(1000, 0, 0, 20)), Reply(text="All done.", usage=Usage(1100, 0, 0, 10)))
    with agent.provider(*script) as provider:
        given = [one.replace("$URL", provider.url) for one in (*agent.variables, *agent.file)]
        said = run_in(name, *given[:-2], "AXON_TERMINATION_LOG=/tmp/report", "bash", "-c", START, "start", *given[-2:])
    markers = parse_markers(said)
    assert markers is not None and markers.response == "All done."
    assert "123456" in provider.model_requests[1].text


@pytest.mark.parametrize(("arguments", "words"), [
    (["no-such"], 'there is no image "no-such": neither images/no-such/Containerfile nor examples/no-such/Containerfile is there'),
    (["--tag"], "--tag needs a value"),
    (["--push"], "unknown option --push"),
    (["--builder", "kaniko", "runtime"], '--builder is "kaniko"; expected buildah or docker'),
], ids=["name", "value", "option", "builder"])
def test_a_mistake_is_said_before_anything_is_built(arguments: list[str], words: str) -> None:
    done = subprocess.run([images.ROOT / "images" / "build", *arguments], text=True, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"images/build: {words}")


def test_programs_that_are_missing_are_named(tmp_path) -> None:
    for part in ("images/build", "images/runtime/Containerfile", "CMakeLists.txt"):
        (tmp_path / part).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / part).write_bytes((images.ROOT / part).read_bytes())
    done = subprocess.run(["bash", tmp_path / "images" / "build", "--builder", "buildah", "runtime"], text=True,
                          capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (
        2, "images/build: images/runtime needs build/release/bin/axon-entrypoint, which is not there; run scripts/build\n")
