"""The files that a workspace injects: written below the repository and nowhere else."""

from __future__ import annotations

import subprocess

import pytest

from support.prepare import Clone
from support.repos import Repo


def test_files_are_written(clone: Clone, repo: Repo):
    files = [
        {"path": ".claude/skills/x/SKILL.md", "content": "---\nname: x\n---\n"},
        {"path": "README.md", "content": "replaced\n"},
        {"path": "grüße.txt", "content": "ü\u0000 binary-safe\r\n"},
        {"path": "empty", "content": ""},
    ]
    done = clone.prepare_task({"repo": str(repo.bare), "files": files}, branch="agent/fix")
    assert done.exit_code == 0, done.errors
    assert {f["path"]: (clone.path / f["path"]).read_bytes() for f in files} == {
        f["path"]: f["content"].encode() for f in files
    }
    assert clone.branch == "agent/fix"


@pytest.mark.parametrize("path", ["../out", "a/../../out", "/etc/out", "", "a\\b", "."])
def test_a_path_that_leaves_the_repository_is_refused(clone: Clone, repo: Repo, path):
    files = [{"path": path, "content": "x"}]
    done = clone.prepare_task({"repo": str(repo.bare), "files": files})
    assert done.verdict == ("Failed", "ConfigInvalid", 65)
    assert not (clone.path.parent / "out").exists()


@pytest.mark.parametrize("target", ["/{outside}", "../../outside"], ids=["absolute", "relative"])
def test_a_link_of_the_repository_does_not_lead_out(clone: Clone, repo: Repo, target):
    """The repository is not trusted: a directory of it can be a link to anywhere in the Pod."""
    outside = clone.sandbox.folder / "outside"
    outside.mkdir()
    repo.add_symlink("docs", target.format(outside=str(outside).lstrip("/")))
    repo.commit_tree("link")
    files = [{"path": "docs/rules.md", "content": "x"}]
    done = clone.prepare_task({"repo": str(repo.bare), "files": files})
    assert list(outside.iterdir()) == []
    assert done.exit_code in (0, 65), done.errors


def test_the_program_is_put_where_the_agents_container_finds_it(clone: Clone, repo: Repo):
    bin_dir = clone.sandbox.folder / "bin"
    done = clone.prepare(str(repo.bare), install=str(bin_dir))
    assert done.exit_code == 0, done.errors
    answer = subprocess.run([bin_dir / "axon-entrypoint", "version"], capture_output=True, text=True, check=True).stdout
    assert answer.startswith("axon-entrypoint ")
    assert (bin_dir / "gh").resolve() == (bin_dir / "axon-entrypoint").resolve()
