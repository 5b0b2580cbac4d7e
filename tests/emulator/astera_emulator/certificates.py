"""The emulator's own certificate authority and server certificate.

The real server's certificate is self-signed too, as far as its documentation shows, and clients must be able to
check it instead of switching checks off. So the CA certificate is there to be read: ca.pem.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import trustme

NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Certificates:
    """Paths of the PEM files."""

    authority: Path
    server: Path
    key: Path


def ensure(folder: Path, host: str) -> Certificates:
    """Return the certificates in `folder`, making them once, so that ca.pem stays valid over a stop and start."""
    found = Certificates(folder / "ca.pem", folder / f"server-{_safe(host)}.pem", folder / f"server-{_safe(host)}.key")
    if not all(path.exists() for path in (found.authority, found.server, found.key)):
        authority = trustme.CA()
        issued = authority.issue_cert(*dict.fromkeys((*NAMES, *_extra_names(host))))
        found.key.touch(mode=0o600)
        issued.private_key_pem.write_to_path(str(found.key))
        for index, part in enumerate(issued.cert_chain_pems):
            part.write_to_path(str(found.server), append=index > 0)
        authority.cert_pem.write_to_path(str(found.authority))
    return found


def foreign(folder: Path, host: str) -> Certificates:
    """Return certificates for the same names from a certificate authority that no client knows."""
    apart = folder / "foreign"
    apart.mkdir(exist_ok=True)
    return ensure(apart, host)


def _extra_names(host: str) -> tuple[str, ...]:
    """Return the host as a further name, unless it means "every address"."""
    return () if host in ("", "0.0.0.0", "::") else (host,)


def _safe(host: str) -> str:
    """Return the host as a part of a file name."""
    return "".join(letter if letter.isalnum() else "-" for letter in host)
