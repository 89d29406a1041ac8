"""Pages, assets, and the headers around them."""

import pytest
from tests.api.conftest import Client, open_client, replaced

from havana.api.headers import content_security_policy
from havana.api.services import Services
from havana.chat.site import Site

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self' ws://havana.test; manifest-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


@pytest.fixture
def built(services: Services) -> Services:
    for part, html in (("widget", '<html data-site="__SITE_KEY__">'), ("console", "<html>console")):
        assets = services.static / part / "assets"
        assets.mkdir(parents=True)
        (services.static / part / "index.html").write_text(html)
        (assets / f"{part}-4f2a.js").write_text(f"'{part}'" * 100)
    return services


async def test_the_visitors_page_is_that_of_the_default_site(client: Client, built: Services, site: Site) -> None:
    page = await client.get("/")

    assert page.text == '<html data-site="school">'
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"


async def test_each_site_has_a_page_of_its_own(client: Client, built: Services, site: Site) -> None:
    assert (await client.get(f"/chat/{site.key}")).text == '<html data-site="school">'
    assert (await client.get("/chat/nowhere")).status_code == 404


@pytest.mark.parametrize("address", ["/console", "/console/", "/console/sign-in", "/console/conversations/abc"])
async def test_every_view_of_the_console_is_the_same_page(address: str, client: Client, built: Services) -> None:
    page = await client.get(address)

    assert (page.status_code, page.text) == (200, "<html>console")


async def test_admin_leads_to_the_console(client: Client, built: Services) -> None:
    answer = await client.get("/admin", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (307, "/console")


async def test_assets_never_change_and_travel_compressed(client: Client, built: Services) -> None:
    plain = await client.get("/assets/console-4f2a.js", headers={"Accept-Encoding": "identity"})
    packed = await client.get("/assets/console-4f2a.js", headers={"Accept-Encoding": "gzip"})

    assert plain.text == packed.text == "'console'" * 100
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("name", ["gone.js", "../index.html", "..%2f..%2fdata%2fhavana.db", "%2e%2e/index.html"])
async def test_nothing_but_assets_is_served_as_one(name: str, client: Client, built: Services) -> None:
    assert (await client.get(f"/assets/{name}")).status_code in {404, 400}


@pytest.mark.parametrize("address", ["/", "/console"])
async def test_pages_that_are_not_built_say_what_to_do(address: str, client: Client) -> None:
    page = await client.get(address)

    assert page.status_code == 503
    assert "make setup" in page.text


@pytest.mark.parametrize("address", ["/", "/console", "/admin", "/api/docs", "/nowhere", "/api/session", "/healthz"])
async def test_every_response_has_the_strict_policy(address: str, client: Client, built: Services) -> None:
    answer = await client.get(address, follow_redirects=False)

    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"


async def test_behind_a_proxy_the_policy_names_the_public_address(built: Services) -> None:
    async with open_client(replaced(built, public_url="https://chat.example.com")) as browser:
        page = await browser.get("/")

    assert "connect-src 'self' wss://chat.example.com;" in page.headers["content-security-policy"]


def test_a_made_up_host_cannot_add_to_the_policy() -> None:
    assert "evil" not in content_security_policy("http://x; script-src evil")


async def test_an_unknown_address_is_answered_in_the_shape_of_every_error(client: Client) -> None:
    answer = await client.get("/api/nowhere")

    assert answer.status_code == 404
    assert answer.json() == {
        "error": {
            "code": "not_found",
            "message": "There is nothing at this address.",
            "retry_ms": None,
            "state": None,
        }
    }


async def test_a_wrong_method_is_a_bad_request(client: Client) -> None:
    answer = await client.put("/api/session")

    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "bad_request")
