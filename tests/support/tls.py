"""A certificate authority of our own and a server certificate, made by the openssl program."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

SUBJECT_NAMES = "subjectAltName=IP:127.0.0.1,DNS:localhost"


class Authority:
    """`ca.pem` is what a client must trust; `server_context()` is what a stand-in serves with."""

    def __init__(self, folder: Path) -> None:
        self.ca = folder / "ca.pem"
        self._key, self._cert = folder / "server.key", folder / "server.pem"
        ca_key, request = folder / "ca.key", folder / "server.csr"
        new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        _openssl("req", "-x509", *new_key, "-subj", "/CN=Axon test CA", "-days", "2",
                 "-addext", "keyUsage=critical,keyCertSign", "-keyout", ca_key, "-out", self.ca)
        _openssl("req", *new_key, "-subj", "/CN=localhost", "-keyout", self._key, "-out", request)
        extensions = folder / "server.ext"
        extensions.write_text(f"{SUBJECT_NAMES}\nextendedKeyUsage=serverAuth\n")
        _openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", ca_key, "-CAcreateserial",
                 "-days", "2", "-extfile", extensions, "-out", self._cert)

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._cert, self._key)
        return context


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
