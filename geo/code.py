"""Which code it was: a digest of the source of packages, since code changes more often than its version."""

from __future__ import annotations

import hashlib
from pathlib import Path


def source_digest(*packages: Path) -> str:
    """Return the sha256 of all Python source in ``packages``: the same wherever they lie, and whatever ends their lines."""
    seen = hashlib.sha256()
    for package in packages:
        sources = {path.relative_to(package).as_posix(): path for path in package.rglob("*.py")}
        for name, path in sorted(sources.items()):
            content = path.read_bytes().replace(b"\r\n", b"\n")  # a checkout on Windows may end lines otherwise
            seen.update(f"{package.name}/{name} {len(content)}\n".encode() + content)
    return seen.hexdigest()
