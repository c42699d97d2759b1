"""Write the locks anew from pyproject.toml and package.json: versions, hashes, no addresses."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESOLVER = "uv==0.13.9"  # resolves for every Python >= 3.11 at once, which pip-tools cannot
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--no-annotate",
    "--quiet",
)


def main() -> None:
    """Resolve the Python locks, then the browser one; the bench's peers have one of each too."""
    uv = resolver()
    compile_lock(uv, "requirements.lock", "pyproject.toml")
    dev = ("pyproject.toml", "--extra=dev", "--constraint=requirements.lock")
    compile_lock(uv, "requirements-dev.lock", *dev)
    pgserver = ("ops/pgserver.in", "--constraint=requirements-dev.lock")
    compile_lock(uv, "requirements-pgserver.lock", *pgserver)
    peers = ("bench/peers/requirements.in", "--constraint=requirements-dev.lock")
    compile_lock(uv, "bench/peers/requirements.lock", *peers)
    for folder in (ROOT, ROOT / "bench" / "peers"):
        subprocess.run(["npm", "install", "--package-lock-only"], cwd=folder, check=True)
        drop_addresses(folder / "package-lock.json")


def resolver() -> Path:
    """The resolver's program, in an environment of its own under .cache/."""
    home = ROOT / ".cache" / "resolver"
    if not (home / "bin" / "uv").exists():
        venv.create(home, with_pip=True)
        pip = [str(home / "bin" / "pip"), "install", "--quiet", RESOLVER]
        subprocess.run(pip, check=True)
    return home / "bin" / "uv"


def compile_lock(uv: Path, lock: str, *sources: str) -> None:
    """Pin everything `sources` ask for, with hashes, into `lock`."""
    command = [str(uv), "pip", "compile", *sources, *OPTIONS, f"--output-file={lock}"]
    cache = ["--cache-dir", str(ROOT / ".cache" / "uv")]
    subprocess.run([*command, *cache, *sys.argv[1:]], cwd=ROOT, check=True)


def drop_addresses(lock: Path) -> None:
    """Take out the one kind of address npm still writes: where to send a package's author money."""
    content = json.loads(lock.read_text())
    for package in content["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    lock.write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    main()
