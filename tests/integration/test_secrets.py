"""Every secret of a run, by every way out: streams, report, command lines, environments, files, core files."""

from __future__ import annotations

import json
import resource
import shlex
import signal
from pathlib import Path

import pytest

from support import processes
from support.fake_claude import RESULT, FakeClaude, install_fake_claude
from support.hostile import BOTH, ident
from support.processes import wait_until
from support.repos import Repo, git
from support.run import Finished, Sandbox
from support.secrets import assert_none, printed_forms

API_KEY = "sk-ant-api03-key-of-the-tests-0123456789"
GITHUB_TOKEN = "ghs_variable0123456789abcdefghijklmnop"
FILE_TOKEN = "ghs_tokenfile0123456789abcdefghijklmn"
MCP_ENV = 'mcp-"quoted"\\secret/0123456789+ü'  # another text in every encoding
MCP_TOKEN = "header-of-these-tests-0123456789"
SECRETS = (API_KEY, GITHUB_TOKEN, FILE_TOKEN, MCP_ENV, MCP_TOKEN)
MCP = json.dumps({"mcpServers": {
    "local": {"type": "stdio", "command": "/no/such/server", "env": {"SERVICE_KEY": MCP_ENV}},
    "remote": {"type": "http", "url": "http://127.0.0.1:9/mcp", "headers": {"Authorization": f"Bearer {MCP_TOKEN}"}},
}}, ensure_ascii=False)


class Task:
    """A run with every kind of secret, as a Pod gives them: variables, the task directory, the token file."""

    def __init__(self, sandbox: Sandbox, entrypoint: str) -> None:
        self.box, self._entrypoint = sandbox, entrypoint
        self.token_file = sandbox.folder / "token" / "GITHUB_TOKEN"
        self.token_file.parent.mkdir()
        self.token_file.write_text(FILE_TOKEN + "\n")
        task = sandbox.folder / "task"
        task.mkdir()
        (task / "mcp.json").write_text(MCP)
        (task / "prompt").write_text("Do it.")
        for path in (task / "mcp.json", self.token_file):
            path.chmod(0o440)
        sandbox.env.update(ANTHROPIC_API_KEY=API_KEY, GITHUB_TOKEN=GITHUB_TOKEN, AXON_TASK_DIR=str(task),
                           AXON_GITHUB_TOKEN_FILE=str(self.token_file))

    def agent(self, body: str, **files: str) -> FakeClaude:
        """A fake with these files beside it."""
        fake = install_fake_claude(self.box, body)
        for name, content in files.items():
            (fake.folder / name).write_text(content + "\n")
        return fake

    def start(self, **options):
        return self.box.start(self._entrypoint, "run", **options)

    def run(self, **options) -> Finished:
        return self.start(**options).wait()


@pytest.fixture
def task(sandbox: Sandbox, entrypoint: str) -> Task:
    return Task(sandbox, entrypoint)


def assert_clean(done: Finished, secrets=SECRETS) -> None:
    for where, text in {"stdout": done.log, "stderr": done.errors, "the report": json.dumps(done.report.raw),
                        "the response": done.markers.response or ""}.items():
        assert_none(where, text, secrets)


@pytest.mark.parametrize("way", BOTH, ids=ident)
def test_every_form_on_both_streams(task, way):
    forms = "\n".join(form for secret in SECRETS for form in printed_forms(secret))
    task.agent("cat $here/forms; cat $here/forms >&2", forms=forms)
    done = task.run(how=way)
    assert done.verdict == ("Succeeded", None, 0)
    assert_clean(done)
    assert done.log.count("[REDACTED]") >= len(forms.splitlines())


def test_a_secret_split_across_writes(task):
    """Each half of it is harmless; the two come at different times, and the first at the end of what was written."""
    pieces = []
    for secret in SECRETS:
        for cut in (1, len(secret) // 2, len(secret) - 1):
            pieces += [f"printf %s {shlex.quote(half)}; sleep 0.03" for half in (secret[:cut], secret[cut:])]
    script = "\n".join(pieces)
    task.agent(". $here/pieces & (. $here/pieces) >&2; wait; echo", pieces=script)
    done = task.run()
    assert done.verdict == ("Succeeded", None, 0)
    assert_clean(done)


def test_what_only_begins_like_a_secret_is_not_lost(task):
    task.agent(f"printf {API_KEY[:20]}; sleep 0.1; echo -end; printf {API_KEY[:-1]} >&2")
    done = task.run()
    assert f"{API_KEY[:20]}-end\n" in done.log
    assert API_KEY[:-1] in done.errors


@pytest.mark.parametrize("code", [0, 9])
def test_the_setup_command(task, code):
    task.agent("true")
    print_all = f"cat {task.box.folder}/forms; cat {task.box.folder}/forms >&2; exit {code}"
    (task.box.folder / "forms").write_text("\n".join(form for secret in SECRETS for form in printed_forms(secret)))
    done = task.run(AXON_SETUP_COMMAND=json.dumps(["sh", "-c", print_all]))
    assert done.report.verdict == (("Failed", "SetupFailed") if code else ("Succeeded", None))
    assert_clean(done)


def test_a_setup_command_that_names_a_secret_is_not_quoted(task):
    task.agent("true")
    assert_clean(task.run(AXON_SETUP_COMMAND=json.dumps([f"/no/such/{API_KEY}"])))


@pytest.mark.parametrize("way", BOTH, ids=ident)
@pytest.mark.parametrize(
    "replace",
    ['printf %s "$1" >"$file.new"; mv "$file.new" "$file"', 'chmod 600 "$file"; printf %s "$1" >"$file"'],
    ids=["renamed", "in-place"],
)
def test_a_token_that_is_replaced_during_the_run(task, way, replace):
    """The agent prints it the moment that it is there; the old ones stay secret."""
    tokens = [f"ghs_rotated{i}{'0123456789abcdefghijklmnop'[: 10 + i]}" for i in range(4)]
    steps = [f"{replace}; cat $file; cat $file >&2; echo step{i}; read -r _ <$here/go;".replace("$1", token)
             for i, token in enumerate(tokens)]
    fake = task.agent(f"file={task.token_file}; mkfifo $here/go; {' '.join(steps)} echo {FILE_TOKEN} {' '.join(tokens)}")
    running = task.start(how=way)
    for i in range(len(tokens)):
        running.stdout.wait_for(f"step{i}")
        (fake.folder / "go").write_text("\n")
    done = running.wait()
    assert done.verdict == ("Succeeded", None, 0)
    assert_clean(done, (FILE_TOKEN, *tokens))
    assert done.log.count("[REDACTED]") == 2 * len(tokens) + 1


def test_a_token_that_the_kubelet_replaces(task):
    """A Secret's volume: the file is a link into a directory whose name is exchanged."""
    volume = task.box.folder / "volume"
    for name, token in (("..1", FILE_TOKEN), ("..2", "ghs_afterwards0123456789abcdefghij")):
        (volume / name).mkdir(parents=True)
        (volume / name / "GITHUB_TOKEN").write_text(token)
    (volume / "..data").symlink_to("..1")
    (volume / "GITHUB_TOKEN").symlink_to("..data/GITHUB_TOKEN")
    task.agent(f"cd {volume}; cat GITHUB_TOKEN; ln -s ..2 ..new; mv -T ..new ..data; cat GITHUB_TOKEN; echo")
    done = task.run(AXON_GITHUB_TOKEN_FILE=str(volume / "GITHUB_TOKEN"))
    assert done.verdict == ("Succeeded", None, 0)
    assert_clean(done, (FILE_TOKEN, "ghs_afterwards0123456789abcdefghij"))


def test_what_a_parser_unescapes_is_not_told(task):
    fake = task.agent("true")
    program = fake.folder / "claude"
    spelled = "".join(f"\\u{ord(c):04x}" for c in API_KEY)  # no form that is looked for in a stream
    program.write_text(program.read_text().replace('"result": "Done."', f'"result": "It is {spelled}."'))
    done = task.run()
    assert (done.verdict, done.markers.response) == (("Succeeded", None, 0), "It is [REDACTED].")
    assert_clean(done)


def test_a_branch_named_like_a_secret(task, repo: Repo):
    task.agent("git checkout -q -b $GITHUB_TOKEN")
    done = task.run(cwd=repo.work)
    assert git(repo.work, "symbolic-ref", "--short", "HEAD") == GITHUB_TOKEN
    assert done.markers.get("branch") == "[REDACTED]"
    assert_clean(done)


@pytest.mark.parametrize("way", BOTH, ids=ident)
def test_what_others_can_see_during_and_after(task, repo: Repo, way):
    """Command lines show nothing. Environments hold the credentials, which agents want there, of this run's processes only;
    what came by a file is in none. Files that hold a secret are private."""
    fake = task.agent("sleep 600 & mkfifo $here/go; touch $here/ready; read -r _ <$here/go; kill $!")
    running = task.start(how=way, cwd=repo.work)
    wait_until((fake.folder / "ready").exists, "the agent")
    shown = {secret: processes.showing(secret) for secret in SECRETS}
    exposed = {secret: set(processes.exposing(secret)) for secret in SECRETS}
    ours = set(processes.of_run(running.run_id))
    (fake.folder / "go").write_text("\n")
    done = running.wait()
    assert (done.verdict, done.left) == (("Succeeded", None, 0), {})
    assert shown == {secret: {} for secret in SECRETS}
    assert all(exposed[secret] <= ours for secret in (API_KEY, GITHUB_TOKEN))
    assert [exposed[secret] for secret in (FILE_TOKEN, MCP_ENV, MCP_TOKEN)] == [set(), set(), set()]
    assert_files_are_private(task.box, repo.work)


def assert_files_are_private(box: Sandbox, work: Path) -> None:
    holding = {secret: {path for form in {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
                        for path in processes.files_holding(form, box.home, box.tmp, box.work, work)}
               for secret in SECRETS}
    assert [holding[secret] for secret in (API_KEY, GITHUB_TOKEN, FILE_TOKEN)] == [set(), set(), set()]
    config = {box.home / ".claude.json"}
    assert (holding[MCP_ENV], holding[MCP_TOKEN]) == (config, config)
    assert [path.stat().st_mode & 0o777 for path in config] == [0o600]


@pytest.fixture
def core_files():
    """As large as may be, for what is started by this test."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


@pytest.mark.usefixtures("core_files")
@pytest.mark.parametrize("way", BOTH, ids=ident)
def test_a_crash_leaves_no_core_file(task, way):
    """Whatever the limit was outside; an agent may still raise it up to the hard one. A limit of one byte is the one that
    also keeps the kernel from handing the memory to a program."""
    fake = task.agent("for p in self $PPID; do grep '^Max core' /proc/$p/limits; done >$here/limits; "
                      "(kill -SEGV $(exec sh -c 'echo $PPID')); kill -SEGV $$")
    done = task.run(how=way)
    assert done.verdict == ("Failed", "AgentCrashed", 139)
    limits = (fake.folder / "limits").read_text().splitlines()
    assert [line.split()[4] for line in limits] == ["1", "1"]  # the agent's and ours
    assert list(task.box.work.iterdir()) == []


@pytest.mark.usefixtures("core_files")
def test_the_entrypoints_own_crash_leaves_no_core_file(task):
    """Its memory holds every secret. PID 1 of a namespace does not even end by such a signal."""
    fake = task.agent("touch $here/ready; sleep 600")
    running = task.start()
    wait_until((fake.folder / "ready").exists, "the agent")
    running.signal(signal.SIGSEGV)
    assert running.process.wait(60) == -signal.SIGSEGV
    running.abort()
    assert list(task.box.work.iterdir()) == []
