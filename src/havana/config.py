"""One frozen `Settings`, read once: environment, then `.env`, then a TOML file, then the defaults.

Only the composition root and the command line import this; everybody else is handed what it needs.
`docs/configuration.md` lists the same settings for people, and a test holds the two together.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from dotenv import dotenv_values

from havana import urls
from havana.providers import VARIABLES, prices_of

Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]
LogLevel = Literal["debug", "info", "warning", "error"]

CONFIG_FILE = "havana.toml"
TOOL_PREFIX = "TOOL_"
_PREFIX = "HAVANA_"
_CONFIG_VARIABLE = "HAVANA_CONFIG"
# These two are read under the names that every other OpenAI client uses.
_BARE = {"openai_api_key": "OPENAI_API_KEY", "openai_base_url": "OPENAI_BASE_URL"}
# Not set by a name of its own: what each provider of models is told in variables of its own (`havana.providers`).
_PROVIDERS = "providers"
_SECRETS = frozenset({"openai_api_key", "database_url", "redis_url", "smtp_url", _PROVIDERS})
_WORDS = {
    "on": True,
    "true": True,
    "yes": True,
    "1": True,
    "off": False,
    "false": False,
    "no": False,
    "0": False,
}


class SettingsError(Exception):
    """A setting that is unknown or malformed; the message is one line that names it."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that can be set. `public_url` has no trailing slash; times are in seconds.

    `providers` holds the variables that the providers of models are known by: `{"ANTHROPIC_API_KEY": …}`.
    """

    data: Path = Path("data")
    database_url: str | None = None
    redis_url: str | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 8000
    public_url: str | None = None
    smtp_url: str | None = None
    mail_from: str | None = None
    model: str | None = None
    model_prices: str | None = None
    embeddings: str | None = None
    openai_api_key: str | None = None
    openai_base_url: str | None = None
    model_first_token_s: Seconds = 20
    model_next_token_s: Seconds = 15
    model_turn_s: Seconds = 90
    model_requires_finish_reason: bool = True
    providers: dict[str, str] = {}
    rate_limits: bool = True
    log_level: LogLevel = "info"

    def __repr__(self) -> str:
        """Secrets are said to be there, never what they are: reprs end up in logs."""
        shown = (
            f"{name}={'***' if name in _SECRETS and value else repr(value)}"
            for name, value in msgspec.structs.asdict(self).items()
        )
        return f"Settings({', '.join(shown)})"


def variable(name: str) -> str:
    """The environment variable of a setting: `port` -> `HAVANA_PORT`."""
    return _BARE.get(name, _PREFIX + name.upper())


_FIELDS = {field.name: field for field in msgspec.structs.fields(Settings) if field.name != _PROVIDERS}
_VARIABLES = {variable(name): name for name in _FIELDS}


def load(environ: Mapping[str, str], folder: Path, overrides: Mapping[str, Any] | None = None) -> Settings:
    """The settings of a process with this environment, working directory and command line (`overrides`).

    Raises `SettingsError` for the first setting that is unknown or malformed.
    """
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    env = _from_variables(environ, "")
    dotenv_file = _read_dotenv(folder / ".env")
    dotenv = _from_variables(dotenv_file, " in .env")

    def layered(*layers: Mapping[str, Any]) -> dict[str, Any]:
        found = {name: value for layer in reversed(layers) for name, value in layer.items()}
        told = {name: said for layer in reversed(layers) for name, said in layer.get(_PROVIDERS, {}).items()}
        return found | {_PROVIDERS: told}

    named = environ.get(_CONFIG_VARIABLE) or dotenv_file.get(_CONFIG_VARIABLE)
    if named:
        toml = _from_toml(folder / named, must_exist=True)
    else:
        data = layered(given, env, dotenv).get("data", _FIELDS["data"].default)
        toml = _from_toml(folder / data / CONFIG_FILE, must_exist=False)
    return Settings(**layered(given, env, dotenv, toml))


def _from_variables(variables: Mapping[str, str], where: str) -> dict[str, Any]:
    """The settings among environment variables. An empty variable counts as one that is not there."""
    values: dict[str, Any] = {_PROVIDERS: {}}
    for key, text in variables.items():
        if key in VARIABLES and text.strip():
            values[_PROVIDERS][key] = text.strip()
        elif key in _VARIABLES and text.strip():
            values[_VARIABLES[key]] = _value(_VARIABLES[key], text.strip(), key + where)
        elif key.startswith(_PREFIX) and key not in _VARIABLES and key != _CONFIG_VARIABLE:
            raise SettingsError(f"Unknown setting {key}{where}.{_did_you_mean(key, [*_VARIABLES, _CONFIG_VARIABLE])}")
    return values


def _read_dotenv(path: Path) -> dict[str, str]:
    """What a `.env` says to us; a file shared with other programs may hold anything else."""
    variables = {}
    for key, text in dotenv_values(stream=StringIO(_read(path, must_exist=False)), interpolate=False).items():
        if key not in (_CONFIG_VARIABLE, *_VARIABLES, *VARIABLES) and not key.startswith(_PREFIX):
            continue
        if text is None:
            raise SettingsError(f"{key} in .env has no value. Write {key}=VALUE.")
        variables[key] = text
    return variables


def _from_toml(path: Path, *, must_exist: bool) -> dict[str, Any]:
    try:
        table = tomllib.loads(_read(path, must_exist=must_exist))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from None
    values: dict[str, Any] = {_PROVIDERS: {}}
    for key, value in table.items():
        if key.upper() in VARIABLES and isinstance(value, str):
            values[_PROVIDERS][key.upper()] = value.strip()
            continue
        if key not in _FIELDS:
            raise SettingsError(f"Unknown setting {key} in {path}.{_did_you_mean(key, list(_FIELDS))}")
        if key == "data" and isinstance(value, str) and not must_exist:
            raise SettingsError(f"data cannot be set in {path}: that file was found through it. Use HAVANA_DATA.")
        values[key] = _value(key, value, f"{key} in {path}")
    return values


def _read(path: Path, *, must_exist: bool) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        if must_exist:
            raise SettingsError(f"{_CONFIG_VARIABLE} names {path}, which does not exist.") from None
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from None


def _value(name: str, value: object, said: str) -> object:
    """`value` as the type of the setting `name`; `said` is how the error names it."""
    kind = _FIELDS[name].type
    if kind is bool and isinstance(value, str):
        value = _WORDS.get(value.lower(), value)
    if name == "log_level" and isinstance(value, str):
        value = value.lower()
    try:
        if kind is Path:
            return Path(msgspec.convert(value, str))
        converted = msgspec.convert(value, kind, strict=not isinstance(value, str))
        return _CHECKS[name](converted) if name in _CHECKS else converted
    except (msgspec.ValidationError, ValueError) as error:
        shown = "" if name in _SECRETS else f", not {value!r}"
        raise SettingsError(f"{said} must be {_expected(name, error)}{shown}.") from None


def _expected(name: str, error: Exception) -> str:
    if name in _EXPECTED:
        return _EXPECTED[name]
    kind = _FIELDS[name].type
    return "on or off" if kind is bool else "a number of seconds over 0" if kind == Seconds else f"valid ({error})"


def _model(names: str) -> str:
    """One, or several with commas between."""
    chain = [name.strip() for name in names.split(",")]
    if not all(re.fullmatch(r"builtin|[a-z0-9-]+:\S+", name) for name in chain):
        raise ValueError
    return ",".join(chain)


def _model_prices(text: str) -> str:
    prices_of(text)
    return text


def _embeddings(name: str) -> str:
    if not re.fullmatch(r"off|[a-z0-9-]+:\S+", name):
        raise ValueError
    return name


_CHECKS = {
    "database_url": urls.database_url,
    "redis_url": urls.redis_url,
    "public_url": urls.web_origin,
    "smtp_url": urls.smtp_url,
    "mail_from": urls.mailbox,
    "openai_base_url": urls.base_url,
    "model": _model,
    "model_prices": _model_prices,
    "embeddings": _embeddings,
}
_EXPECTED = {
    "data": "the path of a folder",
    "database_url": "an address like postgresql://USER:PASSWORD@HOST/NAME",
    "redis_url": "an address like redis://HOST:6379",
    "port": "a number from 0 to 65535",
    "public_url": "an address like https://x.example, without a path",
    "smtp_url": "an address like smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST",
    "mail_from": "an address like chat@example.com or Havana <chat@example.com>",
    "openai_base_url": "an address like https://models.example.com/v1",
    "model": "builtin or PROVIDER:NAME, such as openai:gpt-5-mini",
    "model_prices": "PROVIDER:NAME=INPUT/OUTPUT in dollars for a million tokens, such as ollama:qwen3=0/0",
    "embeddings": "off or PROVIDER:NAME, such as openai:text-embedding-3-small",
    "log_level": "debug, info, warning or error",
}


def _did_you_mean(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f" Did you mean {close[0]}?" if close else ""


def check_mail(settings: Settings) -> None:
    """`SettingsError` if mail is to be sent and something that every letter needs is not set."""
    for name, why in (("mail_from", "to say who writes"), ("public_url", "for the links in letters")):
        if settings.smtp_url is not None and getattr(settings, name) is None:
            raise SettingsError(f"HAVANA_SMTP_URL needs {variable(name)}, {why}.")


def tool_secrets(environ: Mapping[str, str], folder: Path) -> Mapping[str, str]:
    """The credentials that sites' tools name, from the environment and `.env`.

    Only names that begin with `TOOL_` count, so that no site's settings can send out another secret of the server.
    """
    dotenv = dotenv_values(stream=StringIO(_read(folder / ".env", must_exist=False)), interpolate=False)
    given = {name: value or "" for name, value in dotenv.items()} | dict(environ)
    return {name: value for name, value in given.items() if name.startswith(TOOL_PREFIX)}
