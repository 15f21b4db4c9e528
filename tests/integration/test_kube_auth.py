"""kube/ and who it is: certificates, tokens that are rotated, plugins, and servers that are not to be trusted."""

from __future__ import annotations

import base64
import json
import os
import threading
import time
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from support.apiserver import OTHER_TOKEN, TOKEN, ApiServer
from support.probe import Probe, run
from support.tls import Authority
from support.web import Handler

MAPS = "v1/configmaps"
WHERE = ("kube-system", "extension-apiserver-authentication")  # every API server makes this one


@pytest.fixture
def asked(api: ApiServer, kube_probe: str, tmp_path: Path):
    """The outcome of one request as this user; the cluster's fields can be changed."""

    def ask(user: dict, **cluster: str) -> dict:
        config = api.kubeconfig(tmp_path / "config", user=user, **cluster)
        return run(kube_probe, config, "list", MAPS, WHERE[0], 5)[0]

    return ask


def plugin(folder: Path, *outputs: dict | str, exit_code: int = 0, **settings: object) -> dict:
    """A credential plugin that prints one after the other, and counts its runs in `runs`."""
    for i, output in enumerate(outputs):
        (folder / f"output-{i}").write_text(output if isinstance(output, str) else json.dumps(output))
    (folder / "runs").write_text("")
    program = folder / "plugin"
    program.write_text(f"""#!/bin/sh
cd {folder}
n=$(wc -c <runs)
printf x >>runs
printf %s "$KUBERNETES_EXEC_INFO" >info
printf %s "$GIVEN $1" >given
cat output-$n 2>/dev/null || cat output-{len(outputs) - 1}
exit {exit_code}
""")
    program.chmod(0o755)
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "./plugin", "args": ["get-token"],
                     "env": [{"name": "GIVEN", "value": "yes"}], "interactiveMode": "Never"} | settings}


def credential(**status: str) -> dict:
    return {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status}


def pem_data(path: str) -> str:
    return base64.b64encode(Path(path).read_bytes()).decode()


def test_logs_in_by_a_certificate_or_a_token(api: ApiServer, asked, tmp_path: Path) -> None:
    assert asked(api.admin)["count"] > 0
    inline = {f"{name}-data": pem_data(path) for name, path in api.admin.items()}
    authority = {"certificate_authority": "", "certificate_authority_data": pem_data(str(api.authority.ca))}
    assert asked(inline, **authority)["count"] > 0
    assert asked({"token": TOKEN})["count"] > 0
    (tmp_path / "token").write_text(TOKEN + "\n")
    assert asked({"tokenFile": "token", "token": "ignored"})["count"] > 0, "a path is relative to the kubeconfig"


def test_a_credential_that_is_refused_is_told_without_it(asked) -> None:
    refused = asked({"token": "wrong-token-1234"})
    assert refused["code"] == "Unauthorized"
    assert "wrong-token-1234" not in json.dumps(refused)
    unknown = asked({"username": "me", "password": "hidden-5678"})  # no API server of today knows passwords
    assert unknown["code"] == "PermissionDenied"
    assert "hidden-5678" not in json.dumps(unknown)


def test_a_token_file_is_read_again_when_it_was_rotated(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("an-old-one")
    config = api.kubeconfig(tmp_path / "config", user={"tokenFile": str(token)})
    with Probe(kube_probe, config, "ask", MAPS, *WHERE) as probe:
        assert probe.ask()["code"] == "Unauthorized"
        for fresh in (TOKEN, OTHER_TOKEN):
            token.write_text(fresh)
            assert "result" in probe.ask()
        token.unlink()
        assert "result" in probe.ask(), "what was read is good for a minute"


def test_a_plugin_is_asked_once_and_again_when_it_is_refused(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    user = plugin(tmp_path, credential(token="refused"), credential(token=TOKEN), provideClusterInfo=True)
    config = api.kubeconfig(tmp_path / "config", user=user)
    with Probe(kube_probe, config, "ask", MAPS, *WHERE) as probe:
        for _ in range(3):
            assert "result" in probe.ask()
    assert (tmp_path / "runs").read_text() == "xx"
    assert (tmp_path / "given").read_text() == "yes get-token"
    info = json.loads((tmp_path / "info").read_text())
    assert info["kind"] == "ExecCredential" and info["spec"]["interactive"] is False
    assert info["spec"]["cluster"]["server"] == f"https://127.0.0.1:{api.port}"


def test_a_plugin_is_asked_again_when_its_answer_expires(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    user = plugin(tmp_path, credential(token=TOKEN, expirationTimestamp="2020-01-01T00:00:00Z"))
    config = api.kubeconfig(tmp_path / "config", user=user)
    with Probe(kube_probe, config, "ask", MAPS, *WHERE) as probe:
        assert "result" in probe.ask() and "result" in probe.ask()
    assert (tmp_path / "runs").read_text() == "xx"


def test_a_plugin_may_give_a_certificate(api: ApiServer, asked, tmp_path: Path) -> None:
    certificate, key = (Path(api.admin[name]).read_text() for name in ("client-certificate", "client-key"))
    assert asked(plugin(tmp_path, credential(clientCertificateData=certificate, clientKeyData=key)))["count"] > 0


def test_a_plugin_that_fails_is_named(asked, tmp_path: Path) -> None:
    name = f"the credential plugin {tmp_path}/./plugin"
    failed = asked(plugin(tmp_path, "", exit_code=3))
    assert failed == {"code": "Unauthorized", "error": f"list configmaps kube-system: {name} failed with exit code 3"}
    garbage = asked(plugin(tmp_path, "secret garbage"))
    assert garbage["error"].endswith(f"{name} printed no ExecCredential in JSON")
    user = plugin(tmp_path, "", installHint="install it like this")
    (tmp_path / "plugin").unlink()
    missing = asked(user)
    assert "install it like this" in missing["error"] and "No such file" in missing["error"]


def test_only_the_given_authority_is_trusted(api: ApiServer, asked, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other")
    wrong = asked(api.admin, certificate_authority=str(other.ca))
    assert wrong["code"] == "Unauthorized" and "is not trusted" in wrong["error"], wrong
    named = asked(api.admin, tls_server_name="another.example")
    assert "issued for another name" in named["error"]
    assert asked(api.admin, tls_server_name="localhost")["count"] > 0
    assert "No such file" in asked(api.admin, certificate_authority="/nowhere/ca.pem")["error"]


def test_verification_cannot_be_switched_off(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    config = api.kubeconfig(tmp_path / "config")
    text = json.loads(config.read_text())
    text["clusters"][0]["cluster"]["insecure-skip-tls-verify"] = True
    config.write_text(json.dumps(text))
    refused = run(kube_probe, config, "list", MAPS, "", 5)[0]
    assert "insecure-skip-tls-verify" in refused["error"] and str(config) in refused["error"]


def test_an_expired_certificate_is_refused(api: ApiServer, asked, tmp_path: Path) -> None:
    certificate, key = api.authority.client("expired", "/O=system:masters/CN=admin", days=0)
    (tmp_path / "own").mkdir()
    authority = Authority(tmp_path / "own")
    context = authority.server_context(days=0)
    time.sleep(1.1)  # the certificates' own clock: they are good to the second
    own = asked({"client-certificate": str(certificate), "client-key": str(key)})
    assert own["code"] == "Unauthorized", own
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    theirs = asked({"token": TOKEN}, server=f"https://127.0.0.1:{server.server_port}",
                   certificate_authority=str(authority.ca))
    server.shutdown()
    server.server_close()
    assert theirs["code"] == "Unauthorized" and "certificate has expired" in theirs["error"]


def test_a_key_of_another_certificate_is_told(api: ApiServer, asked) -> None:
    _, key = api.authority.client("other", "/CN=other")
    told = asked({"client-certificate": api.admin["client-certificate"], "client-key": str(key)})
    assert "do not belong together" in told["error"]


def test_several_kubeconfigs_are_one(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    whole = json.loads(api.kubeconfig(tmp_path / "whole").read_text())
    users = {"users": whole.pop("users")}
    (tmp_path / "a").write_text(json.dumps(users))
    (tmp_path / "b").write_text(json.dumps(whole))
    joined = os.pathsep.join(str(tmp_path / name) for name in ("a", "missing", "b"))
    assert run(kube_probe, Path(joined), "list", MAPS, WHERE[0], 5)[0]["count"] > 0


def test_a_server_that_is_not_there_is_named(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    config = api.kubeconfig(tmp_path / "config", server="https://127.0.0.1:1")
    told = run(kube_probe, config, "list", MAPS, "demo", 5)[0]
    assert told == {"code": "Unavailable",
                    "error": "list configmaps demo: cannot connect to 127.0.0.1:1: Connection refused"}
