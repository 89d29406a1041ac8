"""Settings: where they come from, which wins, and what a wrong one says."""

import re
from pathlib import Path

import pytest

from havana.chat.site_tools import SECRET_PREFIX
from havana.config import TOOL_PREFIX, Settings, SettingsError, load, tool_secrets, variable
from havana.providers import PROVIDERS, TokenPrice, prices_of

SMTP_URL = "smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST"
MAIL_FROM = "chat@example.com or Havana <chat@example.com>"
DOCS = Path(__file__).parent.parent / "docs" / "configuration.md"


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    assert load({}, tmp_path) == Settings()


def test_the_command_line_beats_the_environment_beats_dotenv_beats_toml(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "havana.toml").write_text('host = "t"\nport = 1\nlog_level = "debug"\nmodel_turn_s = 5\n')
    (tmp_path / ".env").write_text("HAVANA_HOST=d\nHAVANA_PORT=2\nHAVANA_LOG_LEVEL=error\n")

    settings = load({"HAVANA_HOST": "e", "HAVANA_PORT": "3"}, tmp_path, {"port": 4, "host": None})

    assert settings == Settings(port=4, host="e", log_level="error", model_turn_s=5)


def test_the_toml_file_is_the_one_that_havana_config_names(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('data = "elsewhere"\nrate_limits = false\n')

    settings = load({"HAVANA_CONFIG": "other.toml"}, tmp_path)

    assert (settings.data, settings.rate_limits) == (Path("elsewhere"), False)


def test_dotenv_may_belong_to_other_programs_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "# a comment\nDATABASE_URL=x\nnot even a variable\n"
        "export HAVANA_HOST='0.0.0.0' # everywhere\nOPENAI_API_KEY=\"sk # 1\"\nHAVANA_PORT=81 # low\n"
    )

    settings = load({}, tmp_path)

    assert settings == Settings(host="0.0.0.0", openai_api_key="sk # 1", port=81)


def test_a_provider_s_own_variables_are_read_wherever_settings_are(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "havana.toml").write_text(
        'anthropic_api_key = "t"\ngroq_api_key = "t"\ngemini_api_key = "t"\n'
    )
    (tmp_path / ".env").write_text("ANTHROPIC_API_KEY=d\nGROQ_API_KEY=d\nSOMEBODY_ELSE=x\n")

    settings = load({"ANTHROPIC_API_KEY": "e", "HOME": "/", "MISTRAL_API_KEY": ""}, tmp_path)

    assert settings.providers == {"ANTHROPIC_API_KEY": "e", "GROQ_API_KEY": "d", "GEMINI_API_KEY": "t"}
    assert "ANTHROPIC" not in repr(settings)


def test_several_models_are_named_with_commas_between(tmp_path: Path) -> None:
    assert load({"HAVANA_MODEL": "openai:a , anthropic:b,builtin"}, tmp_path).model == "openai:a,anthropic:b,builtin"


def test_prices_are_told_by_the_names_of_the_chain(tmp_path: Path) -> None:
    told = "ollama:qwen3:8b=0/0 , openrouter:meta/llama=0.15/0.6"

    assert load({"HAVANA_MODEL_PRICES": told}, tmp_path).model_prices == told
    assert prices_of(told) == {
        "ollama:qwen3:8b": TokenPrice(0, 0),
        "openrouter:meta/llama": TokenPrice(0.15, 0.6),
    }


@pytest.mark.parametrize(
    "wrong", ["a:b", "a:b=1", "a:b=-1/2", "a:b=nan/1", "builtin=1/1", "a:b=1/1,", "a:b=1/1 c:d=1/1"]
)
def test_what_is_no_price_is_refused(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="HAVANA_MODEL_PRICES must be PROVIDER:NAME=INPUT/OUTPUT"):
        load({"HAVANA_MODEL_PRICES": wrong}, tmp_path)


def test_the_data_folder_comes_from_its_variable(tmp_path: Path) -> None:
    assert load({"HAVANA_DATA": "/srv/havana"}, tmp_path).data == Path("/srv/havana")


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert load({"HAVANA_MODEL": "", "OPENAI_API_KEY": " "}, tmp_path) == Settings()


@pytest.mark.parametrize(("text", "value"), [("on", True), ("OFF", False), ("true", True), ("0", False)])
def test_switches_are_said_in_the_usual_words(text: str, value: bool, tmp_path: Path) -> None:
    assert load({"HAVANA_RATE_LIMITS": text}, tmp_path).rate_limits is value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("HAVANA_PROT", "1", "Unknown setting HAVANA_PROT. Did you mean HAVANA_PORT?"),
        ("HAVANA_ZZZZZZ", "1", "Unknown setting HAVANA_ZZZZZZ."),
        ("HAVANA_PORT", "http", "HAVANA_PORT must be a number from 0 to 65535, not 'http'."),
        ("HAVANA_PORT", "70000", "HAVANA_PORT must be a number from 0 to 65535, not '70000'."),
        ("HAVANA_RATE_LIMITS", "maybe", "HAVANA_RATE_LIMITS must be on or off, not 'maybe'."),
        ("HAVANA_MODEL_TURN_S", "-1", "HAVANA_MODEL_TURN_S must be a number of seconds over 0, not '-1'."),
        ("HAVANA_MODEL_TURN_S", "nan", "HAVANA_MODEL_TURN_S must be a number of seconds over 0, not 'nan'."),
        (
            "HAVANA_DATABASE_URL",
            "mysql://havana:secret@db/havana",
            "HAVANA_DATABASE_URL must be an address like postgresql://USER:PASSWORD@HOST/NAME.",
        ),
        (
            "HAVANA_PUBLIC_URL",
            "x.example",
            "HAVANA_PUBLIC_URL must be an address like https://x.example, without a path, not 'x.example'.",
        ),
        (
            "HAVANA_MODEL",
            "gpt-5",
            "HAVANA_MODEL must be builtin or PROVIDER:NAME, such as openai:gpt-5-mini, not 'gpt-5'.",
        ),
        (
            "HAVANA_MODEL_PRICES",
            "qwen3=1",
            (
                "HAVANA_MODEL_PRICES must be PROVIDER:NAME=INPUT/OUTPUT in dollars for a million tokens, such as "
                "ollama:qwen3=0/0, not 'qwen3=1'."
            ),
        ),
        *(
            ("HAVANA_SMTP_URL", url, f"HAVANA_SMTP_URL must be an address like {SMTP_URL}.")
            for url in ("mail.test", "smtp://", "smtp://me@mail.test", "smtp://me:s/cret@mail.test", "smtp://h:0")
        ),
        *(
            ("HAVANA_MAIL_FROM", text, f"HAVANA_MAIL_FROM must be an address like {MAIL_FROM}, not {text!r}.")
            for text in ("Havana", "chat@", "a@x, b@x", "Havana\x00 <chat@x>")
        ),
        ("HAVANA_LOG_LEVEL", "loud", "HAVANA_LOG_LEVEL must be debug, info, warning or error, not 'loud'."),
    ],
)
def test_a_wrong_variable_is_named_in_one_line(name: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        load({name: text}, tmp_path)

    assert str(error.value) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("prot = 1", "Unknown setting prot in {file}. Did you mean port?"),
        ("port = true", "port in {file} must be a number from 0 to 65535, not True."),
        ('data = "x"', "data cannot be set in {file}: that file was found through it. Use HAVANA_DATA."),
        ("data = 5", "data in {file} must be the path of a folder, not 5."),
        ("port = ", "{file} is not valid TOML: Invalid value (at end of document)."),
    ],
)
def test_a_wrong_line_of_the_toml_file_is_named_in_one_line(content: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "data" / "havana.toml"
    file.parent.mkdir()
    file.write_text(content)

    with pytest.raises(SettingsError) as error:
        load({}, tmp_path)

    assert str(error.value) == message.format(file=file)


def test_a_config_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"HAVANA_CONFIG names .*gone\.toml, which does not exist"):
        load({"HAVANA_CONFIG": "gone.toml"}, tmp_path)


def test_a_variable_without_a_value_in_dotenv_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\nHAVANA_PORT\n")

    with pytest.raises(SettingsError, match=r"HAVANA_PORT in \.env has no value"):
        load({}, tmp_path)


def test_the_public_address_is_kept_without_a_slash_and_in_lower_case(tmp_path: Path) -> None:
    settings = load({"HAVANA_PUBLIC_URL": "HTTPS://Chat.Example.com:8443/"}, tmp_path)

    assert settings.public_url == "https://chat.example.com:8443"


def test_secrets_never_show_in_a_repr() -> None:
    shown = repr(
        Settings(
            openai_api_key="sk-secret",
            database_url="postgresql://havana:sk-secret@db/havana",
            redis_url="redis://:sk-secret@r",
            smtp_url="smtp://me:sk-secret@mail.test",
        )
    )

    assert "sk-secret" not in shown
    assert "openai_api_key=***" in shown


def test_the_docs_list_every_setting_with_its_default_and_no_other() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| `?([^|`]*)`? \|", DOCS.read_text(), re.MULTILINE)

    assert dict(rows) == {
        variable(name): _shown(getattr(Settings(), name)) for name in Settings.__struct_fields__ if name != "providers"
    } | {"HAVANA_CONFIG": "havana.toml in the data folder"}


def test_the_docs_list_every_provider_with_its_variables_and_its_package() -> None:
    rows = re.findall(r"^\| `([a-z-]+):` \| ([^|]*) \| ([^|]*) \|", DOCS.read_text(), re.MULTILINE)

    told = {name: (re.findall(r"`([A-Z_]+)`", names), extra.strip("`")) for name, names, extra in rows}
    assert told == {
        name: ([v for names in one.takes.values() for v in names], f"havana[{one.extra}]" if one.extra else "-")
        for name, one in PROVIDERS.items()
    }


def _shown(value: object) -> str:
    match value:
        case None:
            return "none"
        case True:
            return "on"
        case False:
            return "off"
        case _:
            return str(value)


def test_the_credentials_of_tools_are_those_that_begin_so(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TOOL_SHOP=low\nTOOL_CRM=crm\nHAVANA_PORT=81\nSHOP=x\n")

    assert tool_secrets({"TOOL_SHOP": "high", "OPENAI_API_KEY": "sk"}, tmp_path) == {
        "TOOL_SHOP": "high",
        "TOOL_CRM": "crm",
    }
    assert TOOL_PREFIX == SECRET_PREFIX
