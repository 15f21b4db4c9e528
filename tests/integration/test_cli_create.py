"""`axon create workspace` and `create agentconfig` on a real API server, as the README types them."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import yaml

from support.cli import Cli, cli  # noqa: F401 - a fixture

REPO = "https://github.com/o/shop.git"


def secret(cli: Cli, name: str) -> dict[str, str]:  # noqa: F811
    found = cli.api.request("GET", f"/api/v1/namespaces/{cli.namespace}/secrets/{name}")[1]
    return {key: base64.b64decode(value).decode() for key, value in found.get("data", {}).items()}


def test_a_workspace_with_a_token_has_a_secret_of_its_own(cli: Cli) -> None:  # noqa: F811
    assert cli.out("create", "workspace", "shop", "--repo", REPO, "--ref", "main", "--token", "-", stdin="tok-1\n") == (
        "secret/shop-credentials created\nworkspace/shop created\n")
    assert cli.get("workspaces", "shop")["spec"] == {"repo": REPO, "ref": "main", "secretRef": {"name": "shop-credentials"}}
    assert secret(cli, "shop-credentials") == {"GITHUB_TOKEN": "tok-1"}
    assert cli.out("create", "ws", "shop", "--repo", REPO, "--ref", "main", "--token", "tok-1") == (
        "secret/shop-credentials unchanged\nworkspace/shop unchanged\n")


def test_what_is_there_is_overwritten_by_yes_alone(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    token = tmp_path / "token"
    token.write_text("tok-1")
    cli.out("create", "ws", "shop", "--repo", REPO, "--ref", "main", "--token", f"@{token}")
    token.write_text("tok-2")
    said = cli.refused("create", "ws", "shop", "--repo", REPO, "--token", f"@{token}")
    assert f"secret/shop-credentials in namespace {cli.namespace} is there with another GITHUB_TOKEN" in said
    assert "--yes overwrites it" in said and "tok-" not in said
    assert secret(cli, "shop-credentials") == {"GITHUB_TOKEN": "tok-1"}
    assert cli.out("create", "ws", "shop", "--repo", REPO, "--token", f"@{token}", "--yes") == (
        "secret/shop-credentials changed\nworkspace/shop changed\n")
    assert secret(cli, "shop-credentials") == {"GITHUB_TOKEN": "tok-2"}
    assert cli.get("workspaces", "shop")["spec"] == {"repo": REPO, "secretRef": {"name": "shop-credentials"}}


def test_the_readmes_agentconfig(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    for name, text in {"AGENTS.md": "# Rules\n", "deploy.md": "Deploy", "reviewer.md": "Review",
                       "my-tools.json": '{"command": "npx", "args": ["-y", "@my-org/mcp-tools"]}'}.items():
        (tmp_path / name).write_text(text)
    line = ["create", "agentconfig", "my-config", "--agents-md", f"@{tmp_path}/AGENTS.md", "--skill", f"deploy=@{tmp_path}/deploy.md",
            "--agent", f"reviewer=@{tmp_path}/reviewer.md", "--mcp",
            'github={"type":"http","url":"https://api.githubcopilot.com/mcp/"}', "--mcp", f"my-tools=@{tmp_path}/my-tools.json"]
    wanted = {"agentsMD": "# Rules\n",
              "plugins": [{"name": "axon", "skills": [{"name": "deploy", "content": "Deploy"}],
                           "agents": [{"name": "reviewer", "content": "Review"}]}],
              "mcpServers": [{"name": "github", "type": "http", "url": "https://api.githubcopilot.com/mcp/"},
                             {"name": "my-tools", "type": "stdio", "command": "npx", "args": ["-y", "@my-org/mcp-tools"]}]}
    assert yaml.safe_load(cli.out(*line, "--dry-run")) == {
        "apiVersion": "axon.io/v1alpha1", "kind": "AgentConfig", "metadata": {"name": "my-config"}, "spec": wanted}
    assert cli.get("agentconfigs", "my-config") is None
    assert cli.out(*line) == "agentconfig/my-config created\n"
    assert cli.get("agentconfigs", "my-config")["spec"] == wanted
    assert cli.out("create", "ac", "my-config", "--agents-md", "Be kind", "-y") == "agentconfig/my-config changed\n"
    assert cli.get("agentconfigs", "my-config")["spec"] == {"agentsMD": "Be kind"}


def test_a_dry_run_shows_no_token_and_makes_nothing(cli: Cli) -> None:  # noqa: F811
    done = cli("create", "ws", "shop", "--repo", REPO, "--token", "tok-1", "--dry-run", KUBECONFIG="/no/such/file")
    assert yaml.safe_load(done.stdout)["spec"] == {"repo": REPO, "secretRef": {"name": "shop-credentials"}}
    assert done.stderr == "axon: secret/shop-credentials would be made, too\n"
    assert cli.get("workspaces", "shop") is None


def test_what_is_wrong_is_named_by_its_flag(cli: Cli) -> None:  # noqa: F811
    for arguments, said in {
        ("ws", "s", "--repo", REPO, "--token", "t", "--secret", "x"): "give either --secret, which is there already, or --token",
        ("ws", "s", "--repo", REPO, "--token", "@/no/such"): "--token: read /no/such",
        ("ws", "s", "--repo", "nowhere", "--token", "t"): "--repo: \"nowhere\" is no URL of a repository",
        ("ws", "No_Name", "--repo", REPO): "No_Name",
        ("ac", "c", "--mcp", "docs={"): "--mcp docs: no JSON object",
        ("ac", "c", "--mcp", 'docs={"type":"http"}'): "--mcp docs: url: required with type http",
        ("ac", "c", "--skill", "x"): "--skill: expected NAME=CONTENT",
    }.items():
        assert said in cli.refused("create", *arguments), arguments
    assert "--repo" in cli.refused("create", "ws", "s", code=2)
    assert "which command? (axon create --help)" in cli.refused("create", code=2)
    assert json.loads(cli.out("get", "ws", "-o", "json"))["items"] == []
