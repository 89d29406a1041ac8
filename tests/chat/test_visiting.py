"""What is kept of what a page tells, and of what agents write down."""

import pytest

from havana.chat.devices import device_of
from havana.chat.errors import BadRequest, TooLarge
from havana.chat.visiting import Description, Page, clean_field, clean_value, description

LIKE = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {LIKE} Chrome/126.0.0.0 Safari/537.36", "Chrome on Windows"),
        (f"Mozilla/5.0 (Linux; Android 14; K) {LIKE} Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {LIKE} Chrome/126.0.0.0 Safari/537.36", "Chrome on ChromeOS"),
        (f"Mozilla/5.0 (Windows NT 10.0) {LIKE} Chrome/126.0.0.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Macintosh) {LIKE} Chrome/126.0.0.0 Safari/537.36 OPR/112.0.0.0", "Opera on macOS"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) CriOS/126.0 Safari/604.1", "Chrome on iPad"),
        (
            "Mozilla/5.0 (Linux; Android 14) SamsungBrowser/25.0 Chrome/121.0 Safari/537.36",
            "Samsung Internet on Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0)", "Windows"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_of_a_browser_its_name_and_system_are_told(user_agent: str, device: str):
    assert device_of(user_agent) == device


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("/prices?token=secret#top", "/prices"),
        ("https://shop.example:8443/a/b?x=1", "https://shop.example:8443/a/b"),
        ("https://ada:secret@shop.example/", "https://shop.example/"),
        ("javascript:alert(1)", "/"),
        ("//elsewhere.example/", "/"),
        ("https://[", "/"),
        ("?q=1", "/"),
        ("/a\x00\nb", "/a b"),
        ("/" + "x" * 400, "/" + "x" * 299),
    ],
)
def test_of_an_address_nothing_is_kept_that_may_be_secret(told: str, kept: str):
    assert description(Page(told), "", "", "", "").page == Page(kept)


def test_what_is_no_language_or_time_zone_is_not_kept():
    page = Page("/", " A \x00 title\n")
    told = description(page, "mailto:ada@example.com", "<b>", "Europe/Berlin'", "Chrome")

    assert told == Description(Page("/", "A title"), "", "", "", "Chrome")


def test_details_are_lines_and_notes_may_have_several():
    assert clean_field("  Customer \n number ") == "Customer number"
    assert clean_value("name", " Ada\n Lovelace ") == "Ada Lovelace"
    assert clean_value("notes", " One\r\ntwo ") == "One\ntwo"
    assert clean_value("email", " ada@example.com ") == "ada@example.com"
    assert clean_value("email", " \n ") == ""


@pytest.mark.parametrize("field", ["", " \x00", "x" * 41])
def test_a_detail_needs_a_name_that_can_be_read(field: str):
    with pytest.raises(BadRequest):
        clean_field(field)


def test_what_is_wrong_or_too_long_is_refused():
    with pytest.raises(BadRequest):
        clean_value("email", "ada")
    with pytest.raises(TooLarge):
        clean_value("name", "x" * 101)
