"""On what the figures were measured, without anything that names the machine or its user."""

from __future__ import annotations

import datetime
import os
import platform
import re
import shutil
import ssl
import subprocess
from importlib import metadata
from pathlib import Path


def description() -> dict[str, str]:
    """Hardware, system and versions, by the names that the document shows."""
    memory = int(_found(r"MemTotal:\s*(\d+) kB", Path("/proc/meminfo").read_text()) or 0)
    return {
        "Date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "Processor": _found(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text()) or platform.machine(),
        "Cores": str(len(os.sched_getaffinity(0))),
        "Memory": f"{memory / 2**20:.0f} GiB",
        "System": f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {_kernel()}",
        "Python": platform.python_version(),
        **{name: metadata.version(name) for name in ("ansible-core", "requests", "urllib3")},
        "OpenSSL": ssl.OPENSSL_VERSION,
        "curl": _curl() or "none",
    }


def _kernel() -> str:
    """Series of the kernel; the rest of its release may name who built it."""
    return _found(r"(\d+\.\d+)", platform.release()) or ""


def _curl() -> str | None:
    if not shutil.which("curl"):
        return None
    done = subprocess.run(["curl", "--version"], text=True, capture_output=True, check=False)
    return _found(r"curl (\S+)", done.stdout)


def _found(pattern: str, text: str) -> str | None:
    match = re.search(pattern, text)
    return match.group(1).strip() if match else None
