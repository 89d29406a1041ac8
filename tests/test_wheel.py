"""The packages as strangers get them: built, installed with nothing else, served."""

import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["static/widget/index.html", "static/console/index.html"]

# Built once for all of them.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source package, and the wheel that was made from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    [source], [wheel] = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return source, wheel


def test_both_packages_hold_the_pages(packages: tuple[Path, Path]) -> None:
    source, wheel = packages
    with tarfile.open(source) as archive:
        in_source = {name.split("/src/havana/")[-1] for name in archive.getnames()}
    with zipfile.ZipFile(wheel) as package:
        in_wheel = {name.removeprefix("havana/") for name in package.namelist()}

    assert [page for page in PAGES if page not in in_source] == []
    assert [page for page in PAGES if page not in in_wheel] == []
    assert any(name.endswith(".woff2") for name in in_wheel)
    assert "knowledge/vocabulary.txt" in in_wheel


def test_an_installed_wheel_serves_both_pages_and_what_they_load(packages: tuple[Path, Path], tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = tmp_path / "venv" / "bin"
    install = [scripts / "pip", "install", "--quiet", "--constraint", ROOT / "constraints.txt", packages[1]]
    subprocess.run(install, check=True, capture_output=True)

    command = [scripts / "havana", "serve", "--host", "127.0.0.1", "--port", "0", "--data", tmp_path / "data"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            assert server.stdout is not None
            said: list[str] = []
            while not (found := re.search(r"http://\S+?(?=/\s)", "".join(said))):
                line = server.stdout.readline()
                assert line, f"The server ended:\n{''.join(said)}"
                said.append(line)
            for page in ("/", "/console"):
                html = httpx.get(found[0] + page).raise_for_status().text
                for asset in re.findall(r'(?:src|href)="(/assets/[^"]+)"', html):
                    assert httpx.get(found[0] + asset).raise_for_status().content
                assert "/assets/" in html
        finally:
            server.terminate()
