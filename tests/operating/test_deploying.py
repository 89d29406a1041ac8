"""What `Dockerfile`, `deploy/` and the documentation about them say of Havana is so."""

import ast
import asyncio
import re
import shlex
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from tests.stories.house import a_house

from havana import __version__
from havana.cli import run
from havana.cli.serve import DRAIN_SECONDS
from havana.config import Settings, load, variable

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
DEPLOYING = (ROOT / "docs/deploying.md").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
NODES = ("node-1", "node-2")
TEXTS = [ROOT / "Dockerfile", *sorted(path for path in DEPLOY.iterdir() if path.is_file()), ROOT / "docs/deploying.md"]


def instructions() -> list[tuple[str, str]]:
    """(INSTRUCTION, the rest) of the Dockerfile, each on one line."""
    lines = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    return [(words[0], words[1]) for line in lines.splitlines() if len(words := line.split(maxsplit=1)) == 2]


def said(instruction: str) -> list[str]:
    return [rest for name, rest in instructions() if name == instruction]


def image_environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for line in said("ENV") for pair in shlex.split(line))


def unit() -> dict[str, list[str]]:
    """What stands in the systemd unit; a name may come more than once."""
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / "havana.service").read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path):
    named = set(re.findall(r"\bHAVANA_[A-Z_]+", path.read_text(encoding="utf-8")))
    known = {variable(name) for name in Settings.__struct_fields__} | {"HAVANA_CONFIG"}

    assert named - known == set()


def test_the_nodes_of_compose_have_settings_that_a_server_starts_with(tmp_path: Path):
    example = dict(
        line.split("=", 1)
        for line in (DEPLOY / ".env.example").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    example["POSTGRES_PASSWORD"] = "0af9"
    for node in NODES:
        given = {
            name: re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: example[found[1]], value)
            for name, value in COMPOSE["services"][node]["environment"].items()
        }
        settings = load(image_environment() | example | given, tmp_path)

        assert settings.database_url == "postgresql://havana:0af9@postgres:5432/havana"
        assert settings.redis_url == "redis://valkey:6379"
        assert settings.public_url == "https://chat.example.com"
        assert (settings.host, settings.port, settings.data) == ("0.0.0.0", 8000, Path("/data"))


def test_every_image_has_a_version():
    stages = {words[2] for line in said("FROM") if len(words := line.split()) == 3}
    images = [line.split()[0] for line in said("FROM")]
    images += [service["image"] for service in COMPOSE["services"].values() if "build" not in service]

    assert len(stages) == 2
    assert [image for image in images if not re.fullmatch(r"[a-z/]+:\d+\.\d+(\.\d+)?-?[a-z-]*", image)] == []


def test_the_image_runs_as_somebody_who_may_do_nothing_else():
    [user] = said("USER")
    number = int(user.split(":")[0])

    assert number > 0
    assert f"--uid {number}" in " ".join(said("RUN"))
    assert instructions().index(("USER", user)) < instructions().index(("ENTRYPOINT", said("ENTRYPOINT")[0]))
    for node in NODES:
        assert "user" not in COMPOSE["services"][node]
        assert COMPOSE["services"][node]["cap_drop"] == ["ALL"]


def test_the_server_is_the_process_that_is_told_to_stop():
    [entry], [command] = said("ENTRYPOINT"), said("CMD")

    assert (ast.literal_eval(entry), ast.literal_eval(command)) == (["havana"], ["serve"])
    assert said("STOPSIGNAL") == ["SIGTERM"]


def test_whatever_is_copied_into_the_image_is_there_and_not_ignored():
    wanted = [word for line in said("COPY") if "--from" not in line for word in line.split()[:-1]]
    allowed = [
        line.removeprefix("!/")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    ]

    assert [path for path in wanted if not (ROOT / path).exists()] == []
    assert [path for path in wanted if not path.startswith(tuple(one.split("/")[0] for one in allowed))] == []
    assert [path for path in allowed if not (ROOT / path).exists()] == []
    workspaces = {path.parent.name for path in (ROOT / "web").glob("*/package.json")}
    assert {path.split("/")[1] for path in wanted if path.count("/") == 2} == workspaces


def test_what_the_image_installs_is_pinned_and_what_we_offer():
    installs = re.findall(r"pip install ([^&]*)", " ".join(said("RUN")))
    extras = re.findall(r"\[([a-z,]+)\]", " ".join(installs))
    offered = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert all(line.startswith("--constraint constraints.txt ") for line in installs)
    assert [name for name in extras[0].split(",") if not re.search(rf"^{name} = \[", offered, re.MULTILINE)] == []


def test_each_release_has_an_image_of_its_own():
    example = (DEPLOY / ".env.example").read_text(encoding="utf-8")

    assert {COMPOSE["services"][node]["image"].split(":?")[0] for node in NODES} == {"havana:${CHAT_RELEASE"}
    assert re.findall(r"^CHAT_RELEASE=(.*)$", example, re.MULTILINE) == [__version__]
    assert set(re.findall(r"havana:(\d\S*)", DEPLOYING)) == {__version__}


@pytest.mark.parametrize("whose", ["image", *NODES])
async def test_a_health_check_tells_a_server_from_none(whose: str, tmp_path: Path):
    if whose == "image":
        [check] = said("HEALTHCHECK")
        words, asks = ast.literal_eval(check[check.index("[") :]), "/healthz"
    else:
        words, asks = COMPOSE["services"][whose]["healthcheck"]["test"][1:], "/readyz"
    assert words[:2] == ["python", "-c"]
    assert asks in words[2]
    async with a_house(tmp_path) as house:
        port = str(httpx.URL(house.url).port)
        command = [sys.executable, "-c", words[2].replace(":8000/", f":{port}/")]
        assert await _ended(command, port) == 0
    assert await _ended(command, port) != 0


async def _ended(command: list[str], port: str) -> int:
    checking = await asyncio.create_subprocess_exec(
        *command, env={"HAVANA_PORT": port}, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    return await checking.wait()


def test_everybody_agrees_on_the_port():
    port = image_environment()["HAVANA_PORT"]
    caddy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")

    assert said("EXPOSE") == [port]
    assert re.findall(r"reverse_proxy (.*) \{", caddy) == [" ".join(f"{node}:{port}" for node in NODES)]
    assert "health_uri /readyz" in caddy
    # The nodes themselves are reached through the proxy only.
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]


def test_nobody_is_killed_while_it_sends_its_clients_away():
    assert int(unit()["TimeoutStopSec"][0]) > 2 * DRAIN_SECONDS
    for node in NODES:
        assert int(COMPOSE["services"][node]["stop_grace_period"].removesuffix("s")) > 2 * DRAIN_SECONDS


def test_compose_waits_for_what_is_healthy_and_keeps_what_matters():
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            # Either node is enough for the proxy, which asks them itself.
            wanted = "service_started" if name == "proxy" else "service_healthy"
            assert how == {"condition": wanted}
            assert "healthcheck" in services[other], f"{name} waits for {other}"
        assert service["restart"] == "unless-stopped"
        named = [volume.split(":")[0] for volume in service.get("volumes", []) if not volume.startswith("./")]
        assert [volume for volume in named if volume not in volumes] == []


def test_no_password_stands_in_any_of_the_files():
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"(?:PASSWORD|KEY|SECRET)=[a-z0-9]\S*", text) == [], path.name
        assert [
            found for found in re.findall(r"//\w*:([^@\s]+)@", text) if found.isalnum() and found != "PASSWORD"
        ] == []


def test_the_unit_is_one_that_systemd_would_read():
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign] # names keep their letters
    parser.read(DEPLOY / "havana.service", encoding="utf-8")

    assert parser.sections() == ["Unit", "Service", "Install"]
    assert parser["Service"]["User"] == "havana"
    assert parser["Service"]["ExecStart"].endswith("/havana serve")


def test_the_service_and_the_commands_read_the_same_settings(tmp_path: Path):
    folder = f"/var/lib/{unit()['StateDirectory'][0]}"
    example = (DEPLOY / "havana.toml").read_text(encoding="utf-8")
    (tmp_path / "havana.toml").write_text(re.sub(r'^# (\w+ = ".+")$', r"\1", example, flags=re.MULTILINE))
    settings = load({}, Path("/"), {"data": tmp_path})

    # What only systemd reads would be lost on a command, which then works on another database.
    assert unit()["Environment"] == [f"HAVANA_DATA={folder}"]
    assert "EnvironmentFile" not in unit()
    assert f"{folder}/havana.toml" in DEPLOYING
    assert set(re.findall(r"--data (\S+)", DEPLOYING)) == {folder}
    assert settings.public_url == "https://chat.example.com"
    assert settings.database_url is not None
    assert settings.redis_url is not None
    assert settings.model == "openai:gpt-5-mini"


def test_a_wrong_setting_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HAVANA_PORT", "many")

    assert unit()["Restart"] == ["always"]
    assert unit()["RestartPreventExitStatus"] == [str(run(["serve"]))]
