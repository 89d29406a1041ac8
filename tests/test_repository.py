"""What must be true of the repository itself."""

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = {".py", ".ts", ".tsx", ".js", ".css"}
ADDRESS = re.compile(r"[a-z]+://|\s@\s|--(?:index|extra-index|find-links)")


def repository_files() -> list[Path]:
    """What is committed, and what would be."""
    git = shutil.which("git")
    assert git, "git is missing"
    names = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    # A file that was removed but not yet from the index is gone all the same.
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def code_files() -> Iterator[tuple[str, Path]]:
    for path in repository_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in CODE and ".gen." not in name:
            yield name, path


def is_test(name: str) -> bool:
    return name.startswith("tests/") or "/test/" in name


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    too_long = []
    for name, path in code_files():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > (500 if is_test(name) else 300):
            too_long.append(f"{name}: {lines} lines")

    assert not too_long, "\n".join(too_long)


def test_no_function_is_longer_than_a_screen() -> None:
    too_long = []
    for name, path in code_files():
        # eslint counts the web's; a migration is a list that nobody edits again.
        if path.suffix != ".py" or "/migrations/versions/" in name:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                lines = node.end_lineno - node.lineno + 1
                if lines > 50:
                    too_long.append(f"{name}: {node.name} has {lines} lines")

    assert not too_long, "\n".join(too_long)


@pytest.mark.parametrize("name", ["constraints.txt", "bench/requirements.txt"])
def test_python_packages_are_pinned_without_addresses(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]

    assert len(pins) > 20
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", pin)] == []
    assert [line for line in lines if ADDRESS.search(line)] == []


@pytest.mark.parametrize("name", ["web/package-lock.json", "bench/rivals/package-lock.json"])
def test_npm_packages_are_pinned_without_addresses(name: str) -> None:
    packages = json.loads((ROOT / name).read_text(encoding="utf-8"))["packages"]
    # Our own workspaces are links to folders; what is bundled comes inside a package that is pinned.
    addresses = [name for name, package in packages.items() if "resolved" in package and not package.get("link")]
    unpinned = [
        name
        for name, package in packages.items()
        if "node_modules/" in name
        and not package.get("link")
        and not (package.get("integrity") or package.get("inBundle"))
    ]

    # Without them `npm ci` refuses; a registry that has not all of a release leaves some out when the file is written.
    native = {name for package in packages.values() for name in package.get("optionalDependencies", {})}
    missing = native - {name.rpartition("node_modules/")[2] for name in packages}

    assert addresses == []
    assert unpinned == []
    assert missing == set()


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    # Put together here, so that this file does not hold what it looks for.
    homes = re.compile("|".join(["/" + "root/", "/" + "home/[a-z]", "/" + "Users/[A-Z]"]))
    knowing = []
    for path in repository_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        if found := homes.search(text):
            knowing.append(f"{path.relative_to(ROOT)}: {found[0]}")

    assert knowing == []
