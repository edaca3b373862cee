"""The proxies of `deploy/`, run as they are but for names of files, ports and certificates."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.service.server.clients import PATIENCE, ROOT, Answer

NAME = "fundscout.example.org"
DEPLOY = ROOT / "deploy"


@dataclass
class Proxy:
    """A proxy that runs: ``http`` and ``https`` are its ports, ``ca`` signs its certificate."""

    http: int
    https: int
    ca: Path
    log: Path
    process: subprocess.Popen[bytes]

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        tls: bool = True,
        source: str = "127.0.0.1",
        host: str = "",
        **headers: str,
    ) -> Answer:
        """Send a request from a loopback address of choice, and return what came back."""
        where = (source, 0)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection: HTTPConnection
        if tls:
            connection = _Named("127.0.0.1", self.https, timeout=PATIENCE, source_address=where)
            connection.trust(self.ca)
            given["Host"] = host or f"{NAME}:{self.https}"
        else:
            connection = HTTPConnection(
                "127.0.0.1", self.http, timeout=PATIENCE, source_address=where
            )
            given["Host"] = host or f"{NAME}:{self.http}"
        try:
            # the answer may come before the whole of a large body was taken
            with suppress(BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
                connection.request(method, path, body, given)
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read())
        finally:
            connection.close()


class _Named(HTTPSConnection):
    """Connects to this machine and checks the certificate of the name that the proxy has."""

    def trust(self, ca: Path) -> None:
        self._trusted = ssl.create_default_context(cafile=str(ca))

    def connect(self) -> None:
        HTTPConnection.connect(self)
        self.sock = self._trusted.wrap_socket(self.sock, server_hostname=NAME)


@contextmanager
def run_proxy(name: str, folder: Path, service_port: int, *, tls: bool = True) -> Iterator[Proxy]:
    """Run the proxy ``name``, caddy or nginx, in front of a service, in a folder of its own."""
    binary = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if binary is None:
        pytest.skip(f"{name} is not installed: apt-get install {_PACKAGES[name]}")
    http, https = _free_port(), _free_port()
    folder.mkdir()
    if name == "caddy":
        command, ca = _caddy(binary, folder, service_port, http, https, tls=tls)
    else:
        command, ca = _nginx(binary, folder, service_port, http, https)
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder / "share")}
    output = (folder / "output").open("wb")
    with (
        output,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=output
        ) as process,
    ):
        proxy = Proxy(http, https, ca, folder / "access.log", process)
        try:
            _wait(proxy, folder, tls=tls)
            yield proxy
        finally:
            process.terminate()
            process.wait(PATIENCE)


_PACKAGES = {"caddy": "caddy", "nginx": "nginx-light"}


def _caddy(
    binary: str, folder: Path, service_port: int, http: int, https: int, *, tls: bool
) -> tuple[list[str], Path]:
    own = (
        "{\n\tadmin off\n\tlocal_certs\n\tskip_install_trust\n\tdefault_bind 127.0.0.1\n"
        f"\thttp_port {http}\n\thttps_port {https}\n\tstorage file_system {folder}/store\n"
    )
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    text = _put(text, "{\n\tservers {", f"{own}\tservers {{")
    text = _put(text, f"\n{NAME} {{", f"\n{'' if tls else 'http://'}{NAME} {{")
    text = _put(text, "127.0.0.1:8000", f"127.0.0.1:{service_port}")
    text = _put(text, "/var/log/caddy/fundscout.log", f"{folder}/access.log")
    (folder / "Caddyfile").write_text(text, "utf-8")
    command = [binary, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    return command, folder / "store" / "pki" / "authorities" / "local" / "root.crt"


def _nginx(
    binary: str, folder: Path, service_port: int, http: int, https: int
) -> tuple[list[str], Path]:
    certificate, key = _make_certificate(folder)
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{https} ssl;"),
        ("127.0.0.1:8000", f"127.0.0.1:{service_port}"),
        ("/etc/ssl/fundscout.pem", str(certificate)),
        ("/etc/ssl/fundscout.key", str(key)),
        ("/var/log/nginx/fundscout.log", f"{folder}/access.log"),
    ):
        text = _put(text, old, new)
    (folder / "fundscout.conf").write_text(text, "utf-8")
    places = "".join(
        f"  {one}_temp_path {folder}/{one};\n"
        for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\n  access_log {folder}/access.log;\n{places}"
        f"  include {folder}/fundscout.conf;\n}}\n",
        "utf-8",
    )
    return [binary, "-p", str(folder), "-c", str(folder / "nginx.conf")], certificate


def _put(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new)


def _make_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate of the proxy's name, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "fundscout.pem", folder / "fundscout.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def _wait(proxy: Proxy, folder: Path, *, tls: bool) -> None:
    """Wait until the proxy answers by its certificate."""
    started = time.monotonic()
    while True:
        try:
            proxy.ask("GET", "/healthz", tls=tls)
        except (OSError, ssl.SSLError):
            assert proxy.process.poll() is None, (folder / "output").read_text("utf-8")
            assert time.monotonic() - started < PATIENCE, (folder / "output").read_text("utf-8")
            time.sleep(0.1)
        else:
            return
