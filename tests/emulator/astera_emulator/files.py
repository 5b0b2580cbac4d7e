"""The server's own file system: Windows paths, mapped to a folder of this machine.

`C:\\Flows\\load.wf` is kept in `ROOT/C/Flows/load.wf`. Names are compared without case, as Windows does. Only full
paths with a drive letter are accepted: what a relative or a network path means depends on the server's machine.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_FULL_PATH = re.compile(r"([A-Za-z]):[\\/](.*)", re.DOTALL)
# Windows allows 255 UTF-16 units, this machine 255 bytes: the stricter one holds.
_MAX_NAME_BYTES = 255


def check_name(name: str) -> str:
    """Return `name` when Windows allows it as a file's name; else ValueError with the reason."""
    if not name or name.strip(" .") == "":
        raise ValueError("the file name is empty")
    if _ILLEGAL.search(name):
        raise ValueError(f"the file name {name!r} has a character that Windows does not allow")
    if name[-1] in " .":
        raise ValueError(f"the file name {name!r} ends in a dot or a space")
    if _DEVICE.fullmatch(name):
        raise ValueError(f"the file name {name!r} is the name of a device")
    if len(name.encode()) > _MAX_NAME_BYTES:
        raise ValueError(f"the file name {name[:20]!r}… is too long")
    return name


def split(path: str) -> list[str]:
    r"""Split a full Windows path into drive letter and names: `c:\a\..\b/x` becomes ["C", "b", "x"].

    `..` never climbs above the drive, as on Windows. ValueError for any other kind of path.
    """
    match = _FULL_PATH.fullmatch(path)
    if not match:
        raise ValueError(f"{path!r} is not a full Windows path like C:\\Flows\\load.wf")
    names: list[str] = []
    for name in re.split(r"[\\/]", match[2]):
        if name == "..":
            del names[-1:]
        elif name not in ("", "."):
            names.append(check_name(name))
    return [match[1].upper(), *names]


def join(folder: str, name: str) -> str:
    r"""Return the full path of `name` in a folder, written as the server does: `C:\Deployment\Testing.car`."""
    drive, *names = split(folder)
    return drive + ":\\" + "\\".join([*names, check_name(name)])


class FileSystem:
    """Files of the emulated server below one folder of this machine."""

    def __init__(self, root: Path) -> None:
        """Take the folder; first-level folders are drive letters. It is made when missing."""
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def write(self, path: str, content: bytes) -> None:
        """Write a file, making its folders."""
        target = self.local(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def read(self, path: str) -> bytes:
        """Return a file's content; FileNotFoundError when there is none at that path."""
        if not self.exists(path):
            raise FileNotFoundError(path)
        return self.local(path).read_bytes()

    def exists(self, path: str) -> bool:
        """Whether a file is there; False too for a path that cannot be one."""
        try:
            return self.local(path).is_file()
        except ValueError:
            return False

    def adopt(self, source: Path, path: str) -> None:
        """Move a finished local file to `path`; in one step, so nobody ever sees half of it."""
        target = self.local(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(source, target)

    def copy_tree(self, source: Path) -> None:
        """Copy a local folder whose first-level folders are drive letters."""
        for drive in sorted(source.iterdir()):
            if not (drive.is_dir() and re.fullmatch("[A-Za-z]", drive.name)):
                raise ValueError(f"{drive} is not a folder named by a drive letter")
            for item in sorted(path for path in drive.rglob("*") if path.is_file()):
                relative = item.relative_to(drive).as_posix()
                target = self.local(f"{drive.name}:/{relative}")
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(item, target)

    def clear(self) -> None:
        """Remove all files."""
        for drive in self.root.iterdir():
            shutil.rmtree(drive)

    def local(self, path: str) -> Path:
        """Return where a Windows path is kept. The names it is made of can neither climb nor name another root."""
        place = self.root
        for name in split(path):
            place = _child(place, name)
        return place


def _child(folder: Path, name: str) -> Path:
    """Return the entry of that name, first as written, then without case; the plain join when there is none."""
    exact = folder / name
    if exact.exists() or not folder.is_dir():
        return exact
    folded = name.casefold()
    return next((entry for entry in folder.iterdir() if entry.name.casefold() == folded), exact)
