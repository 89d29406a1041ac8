"""Single pages, from real servers: what is read, within which limits, and from where nothing is."""

import gzip
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
import trustme
from tests.knowledge.web import HERE, Answer, Web, names, read, serving

from havana.knowledge import pages
from havana.knowledge.pages import Page, Rules, Unreachable

PUBLIC = "93.184.215.14"
METADATA = "169.254.169.254"


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


def refusal(url: str, rules: Rules) -> str:
    with pytest.raises(Unreachable) as refused:
        read(url, rules)
    return str(refused.value)


def test_a_page_is_read_with_what_its_server_says_of_it(web: Web) -> None:
    url = web.put("/rooms", "<p>Cheap.", ETag='"1"', Last_Modified="Sat, 28 Nov 2026 12:00:00 GMT")

    assert read(url + "#beds", web.rules()) == Page(
        url, True, b"<p>Cheap.", "utf-8", '"1"', "Sat, 28 Nov 2026 12:00:00 GMT"
    )


def test_a_page_that_is_still_the_same_is_not_sent_again(web: Web) -> None:
    url = web.put("/rooms", "<p>Cheap.", ETag='"1"')

    assert read(url, web.rules(), '"1"') is None
    assert read(url, web.rules(), '"0"') is not None


def test_what_a_server_says_of_a_page_in_signs_that_cannot_be_said_back_is_left_out(web: Web) -> None:
    url = web.put("/rooms", "<p>Cheap.", ETag='"é"', Last_Modified="Sätürday")
    first = read(url, web.rules())

    assert first is not None
    assert read(url, web.rules(), first.etag, first.modified) == first
    assert not {"if-none-match", "if-modified-since"} & set(web.asked[1])


def test_the_server_learns_nothing_but_who_reads(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    read(web.put("/", "<p>x"), web.rules())

    assert set(web.asked[0]) == {"path", "host", "user-agent", "accept", "accept-encoding", "connection"}
    assert web.asked[0]["user-agent"].startswith("Havana/")


def test_redirects_are_followed_to_where_they_end(web: Web) -> None:
    url = web.put("/new", "<p>Here.")
    web.pages["/old"] = Answer(status=301, headers={"Location": "/newer"})
    web.pages["/newer"] = Answer(status=307, headers={"Location": url})

    found = read(web.base + "/old", web.rules())

    assert found is not None
    assert (found.url, found.body) == (url, b"<p>Here.")


def test_the_sixth_redirect_is_one_too_many(web: Web) -> None:
    for number in range(7):
        web.pages[f"/{number}"] = Answer(status=302, headers={"Location": f"/{number + 1}"})
    web.put("/7", "<p>Here.")

    assert read(web.base + "/2", web.rules()) is not None
    assert refusal(web.base + "/1", web.rules()) == "it redirects more than 5 times"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (
            Answer(b"%PDF", kind="application/pdf"),
            "it is of the type application/pdf; HTML, Markdown and text can be read",
        ),
        (Answer(b"x", kind=None), "it is of the type unknown; HTML, Markdown and text can be read"),
        (Answer(b"gone", status=404), "it answers 404 Not Found"),
        (Answer(b"later", status=503), "it answers 503 Service Unavailable"),
        (Answer(b"x", headers={"Content-Encoding": "br"}), "it is compressed in a way that was not asked for"),
        (Answer(b"not at all", headers={"Content-Encoding": "gzip"}), "it is not compressed as it says"),
        (Answer(b"x" * 2001), "larger than 0.002 MB"),
        (Answer(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"}), "larger than 0.002 MB"),
    ],
)
def test_what_is_no_page_is_refused_with_the_reason(web: Web, answer: Answer, why: str) -> None:
    web.pages["/"] = answer

    assert refusal(web.base + "/", web.rules(largest=2000)) == why


def test_a_body_without_an_end_is_cut_off(web: Web) -> None:
    def endless(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 10_000)

    web.pages["/"] = endless

    assert refusal(web.base + "/", web.rules()) == "larger than 3 MB"


def test_a_server_that_says_a_letter_now_and_then_does_not_hold_us_for_longer_than_the_limit(web: Web) -> None:
    def dripping(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        while not web.ended.wait(0.02):
            handler.wfile.write(b"x")

    web.pages["/"] = dripping

    assert refusal(web.base + "/", web.rules(seconds=0.3)) == "it took longer than 0.3 seconds"


def test_a_server_that_is_not_there_is_said_to_be_not_there(web: Web) -> None:
    with socket.socket() as nobody:
        nobody.bind((HERE, 0))
        port = nobody.getsockname()[1]
        why = refusal(f"http://localhost:{port}/", web.rules(ports=(port,)))

    assert why.startswith("there is no connection: ")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://example.com/", "its address must begin with https:// or http://"),
        ("file:///etc/passwd", "its address must begin with https:// or http://"),
        ("https://ana:secret@example.com/", "its address must not hold a name or a password"),
        ("http://example.com:22/", "pages are read from ports 80 and 443 only"),
        ("https://example.com/" + "x" * 2000, "its address is too long"),
        ("http://[::1/", "its address cannot be read"),
        ("http://0177.0.0.1/", "its address cannot be read"),
    ],
)
def test_addresses_that_are_not_a_public_pages_are_refused(url: str, why: str) -> None:
    assert refusal(url, Rules()) == why


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "017700000001",
        "0",
        "10.0.0.1",
        "169.254.169.254",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
    ],
)
def test_no_way_to_write_a_private_address_leads_there(host: str) -> None:
    assert refusal(f"http://{host}/", Rules()).endswith(("which is not a public address", "its address cannot be read"))


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    rules = Rules(resolve=names({"two.example": [[PUBLIC, METADATA]]}))

    assert refusal("http://two.example/", rules) == f"two.example is at {METADATA}, which is not a public address"


@pytest.mark.parametrize("location", [f"http://{METADATA}/latest/", "http://inside.example/", "//inside.example/"])
def test_a_redirect_into_a_private_network_is_refused(web: Web, location: str) -> None:
    web.pages["/"] = Answer(status=302, headers={"Location": location})
    rules = web.rules(
        resolve=names({"localhost": [[HERE]], METADATA: [[METADATA]], "inside.example": [["10.0.0.1"]]}),
        ports=(web.port, 80),
    )

    assert refusal(web.base + "/", rules).endswith("which is not a public address")


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("ftp://example.com/", "its address must begin with https:// or http://"),
        ("http://localhost:1/", "pages are read from ports 80 and 443 only"),
        ("http://a:b@localhost/", "its address must not hold a name or a password"),
        ("mailto:ana@example.com", "its address must begin with https:// or http://"),
        ("http://[bad", "its address cannot be read"),
        ("http://[::g]/", "its address cannot be read"),
        ("http://localhost:port/", "its address cannot be read"),
        ("//localhost:port/", "its address cannot be read"),
        ("/\x01", "its address cannot be read"),
        ("http://localhost/" + "x" * 60_000, "its address is too long"),
        ("http://", "its address names no server"),
        ("https:///rooms", "its address names no server"),
        ("//", "its address names no server"),
        ("https:rooms", "its address names no server"),
    ],
)
def test_a_redirect_is_checked_like_an_address(web: Web, location: str, why: str) -> None:
    web.pages["/"] = Answer(status=302, headers={"Location": location})

    assert refusal(web.base + "/", web.rules()) == f"it redirects to where nothing is read: {why}"


def test_what_was_checked_is_what_is_connected_to(web: Web) -> None:
    """A name that is public when it is looked at, and private when it would be looked up once more."""
    table = {"rebinding.example": [[HERE], [METADATA]]}
    web.put("/", "<p>The checked one.")
    url = f"http://rebinding.example:{web.port}/"

    found = read(url, web.rules(resolve=names(table)))

    assert found is not None
    assert found.body == b"<p>The checked one."
    assert refusal(url, web.rules(resolve=names(table))).endswith("which is not a public address")


def test_each_connection_after_a_redirect_is_checked_anew(web: Web) -> None:
    table = {"rebinding.example": [[HERE], [METADATA]]}
    url = f"http://rebinding.example:{web.port}"
    web.pages["/"] = Answer(status=302, headers={"Location": f"{url}/again", "Connection": "close"})
    web.put("/again", "<p>never")

    assert refusal(f"{url}/", web.rules(resolve=names(table))).endswith("which is not a public address")
    assert [asked["path"] for asked in web.asked] == ["/"]


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def certified(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_certificate_has_to_be_for_the_name_and_not_for_the_address(authority: trustme.CA) -> None:
    with serving(certified(authority, "school.example")) as web:
        web.put("/", "<p>Welcome.")
        rules = web.rules(
            tls=trusting(authority), resolve=names({"school.example": [[HERE]], "other.example": [[HERE]]})
        )
        found = read(f"https://school.example:{web.port}/", rules)

        assert found is not None
        assert found.body == b"<p>Welcome."
        assert refusal(f"https://other.example:{web.port}/", rules).startswith("its certificate is not valid: ")
        assert refusal(f"https://school.example:{web.port}/", web.rules(resolve=rules.resolve)).startswith(
            "its certificate is not valid: "
        )


def test_who_was_asked_over_tls_does_not_send_us_out_of_it(authority: trustme.CA) -> None:
    with serving(certified(authority, "localhost")) as web:
        web.pages["/"] = Answer(status=302, headers={"Location": f"http://localhost:{web.port}/"})

        assert refusal(web.base + "/", web.rules(tls=trusting(authority))) == "it redirects from https to http"


def test_a_page_is_known_by_its_address_without_a_place_on_it() -> None:
    assert pages.normal("HTTPS://Example.com/a?b=c#d") == "https://example.com/a?b=c"
