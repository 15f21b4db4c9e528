"""What a run finds out at its end: branch, commit and the branch's pull requests, from GitHub's API."""

from __future__ import annotations

import pytest

from support.fake_claude import install_fake_claude
from support.github import GitHub, PullRequest
from support.prepare import TOKEN
from support.repos import Repo, git
from support.run import Finished, Sandbox

URL = "https://github.com/acme/widgets/pull/{}"
PULLS = [
    PullRequest("acme", "widgets", 9, "agent/fix"),
    PullRequest("acme", "widgets", 7, "agent/fix"),
    PullRequest("acme", "widgets", 8, "other"),
    PullRequest("acme", "gadgets", 5, "agent/fix"),
]


@pytest.fixture
def github():
    with GitHub(TOKEN, PULLS) as running:
        yield running


@pytest.fixture
def run(sandbox: Sandbox, entrypoint: str, repo: Repo):
    install_fake_claude(sandbox)
    git(repo.work, "remote", "set-url", "origin", "https://github.com/acme/widgets.git")
    git(repo.work, "checkout", "-q", "-b", "agent/fix")

    def start_and_wait(api: str, token: str = TOKEN, **env: str) -> Finished:
        settings = {"AXON_GITHUB_API_URL": api, "GITHUB_TOKEN": token, "AXON_BASE_BRANCH": "main", **env}
        return sandbox.run(entrypoint, "run", "x", cwd=repo.work, **settings)

    return start_and_wait


@pytest.mark.parametrize("prefix", ["", "/api/v3"], ids=["github.com", "enterprise"])
def test_the_branchs_pull_requests_are_reported(run, github: GitHub, repo: Repo, prefix):
    done = run(github.url + prefix)
    expected = [URL.format(9), URL.format(7)]
    assert (done.verdict, done.markers.all("pr")) == (("Succeeded", None, 0), expected)
    assert done.report.results["pr"] == expected
    assert (done.markers.get("branch"), done.markers.get("commit")) == ("agent/fix", repo.first)
    assert TOKEN not in done.log + done.errors


def test_the_base_branch_has_none_to_look_for(run, github: GitHub, repo: Repo):
    git(repo.work, "checkout", "-q", "main")
    done = run(github.url)
    assert (done.verdict, done.markers.all("pr"), github.requests) == (("Succeeded", None, 0), [], [])


@pytest.mark.parametrize("trouble", ["rate-limit", "token", "nobody"])
def test_trouble_with_the_api_is_no_failure_of_the_run(run, github: GitHub, trouble):
    if trouble == "rate-limit":
        github.remaining = 0
    api = "http://127.0.0.1:9" if trouble == "nobody" else github.url
    done = run(api, token="ghs_wrongwrongwrongwrongwrong" if trouble == "token" else TOKEN)
    assert (done.verdict, done.markers.all("pr")) == (("Succeeded", None, 0), [])
    assert done.markers.get("branch") == "agent/fix"


def test_a_detached_head_has_a_commit_and_no_branch(run, github: GitHub, repo: Repo):
    git(repo.work, "checkout", "-q", "--detach")
    done = run(github.url)
    assert done.verdict == ("Succeeded", None, 0)
    assert (done.markers.get("branch"), done.markers.get("commit")) == (None, repo.first)
