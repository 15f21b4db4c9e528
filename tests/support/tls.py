"""A certificate authority of our own and server certificates, made by the openssl program."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

LOOPBACK = "IP:127.0.0.1,DNS:localhost"
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Authority:
    """`ca` is the file that a client must trust; `server_context()` is what a stand-in serves with."""

    def __init__(self, folder: Path, known: tuple[Path, Path] | None = None) -> None:
        """`known` is the certificate and the key of one that is there already; else a new one is made."""
        self._folder = folder
        self.ca, self._ca_key = known or (folder / "ca.pem", folder / "ca.key")
        if known:
            return
        _openssl("req", "-x509", *NEW_KEY, "-subj", "/CN=Axon test CA", "-days", "2",
                 "-addext", "keyUsage=critical,keyCertSign", "-keyout", self._ca_key, "-out", self.ca)

    def server_context(self, names: str = LOOPBACK, days: int = 2) -> ssl.SSLContext:
        cert, key = self._issue("server", "/CN=server", f"subjectAltName={names}\nextendedKeyUsage=serverAuth\n", days)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        return context

    def client(self, name: str, subject: str, days: int = 2) -> tuple[Path, Path]:
        """A client's certificate and key. With 0 days it has expired a second later."""
        return self._issue(name, subject, "extendedKeyUsage=clientAuth\n", days)

    def _issue(self, name: str, subject: str, extensions: str, days: int) -> tuple[Path, Path]:
        key, request, extra, cert = (self._folder / f"{name}.{end}" for end in ("key", "csr", "ext", "pem"))
        _openssl("req", *NEW_KEY, "-subj", subject, "-keyout", key, "-out", request)
        extra.write_text(extensions)
        _openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self._ca_key, "-CAcreateserial",
                 "-days", str(days), "-extfile", extra, "-out", cert)
        return cert, key


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
