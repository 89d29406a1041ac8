"""OpenAPI under `/api/docs`, as a page without scripts and without anything from another host."""

import re
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import Any

from litestar import MediaType, Request, Response, Router, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin

from havana import __version__
from havana.api.schema import complete

Json = dict[str, Any]
_QUOTED = re.compile("`([^`]+)`")


@get("/style.css", include_in_schema=False)
async def style() -> Response[str]:
    """A file of its own: the policy forbids styles in the page."""
    return Response(files("havana.api").joinpath("docs.css").read_text(), media_type=MediaType.CSS)


@get("/icon.svg", include_in_schema=False)
async def icon() -> Response[str]:
    """Without one, browsers ask for `/favicon.ico`."""
    return Response(files("havana.api").joinpath("docs.svg").read_text(), media_type="image/svg+xml")


class Raw(JsonRenderPlugin):
    """The whole of it as JSON."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: Json) -> bytes:
        return super().render(request, complete(openapi_schema))


class Listing(OpenAPIRenderPlugin):
    """Every operation with its parameters, its body and its answers; every schema below."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def receive_router(self, router: Router) -> None:
        router.register(style)
        router.register(icon)

    def render(
        self,
        request: Request[Any, Any, Any],  # noqa: ARG002 - the signature is the framework's
        openapi_schema: Json,
    ) -> bytes:
        schema = complete(openapi_schema)
        shapes = schema["components"]["schemas"]
        operations = "".join(
            f"<h2>{escape(tag)}</h2>{''.join(_operation(*operation) for operation in operations)}"
            for tag, operations in groupby(_operations(schema["paths"]), lambda found: str(found[2]["tags"][0]))
        )
        listed = "".join(
            f'<section id="{escape(name)}"><h3>{escape(name)}</h3>{_said(shape)}{_shape(shape)}</section>'
            for name, shape in sorted(shapes.items())
        )
        return _PAGE.format(version=__version__, operations=operations, shapes=listed).encode()


def config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Havana",
        version=__version__,
        description="Conversations over HTTP. What they mean, and the live channel, is described in docs/protocol.md.",
        path="/api/docs",
        render_plugins=[Listing(), Raw()],
        use_handler_docstrings=True,
    )


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Havana API</title><link rel="stylesheet" href="/api/docs/style.css">
<link rel="icon" href="/api/docs/icon.svg" type="image/svg+xml"></head>
<body><main><h1>Havana API {version}</h1>
<p>The same as <a href="/api/docs/openapi.json">OpenAPI</a>. Agents come with their cookie (writes from this
origin only), visitors with <code>Authorization: Bearer</code>. Errors are
<code>{{"error": {{"code", "message", "retry_ms", "state"}}}}</code>. Commands mean and answer the same as on the live
channel.</p>
{operations}<h2>Shapes</h2>{shapes}</main></body></html>
"""


def _operations(paths: Json) -> list[tuple[str, str, Json]]:
    """By tag, the tags in the order in which they come first."""
    found = [(method, path, operation) for path, item in paths.items() for method, operation in item.items()]
    tags = list(dict.fromkeys(operation["tags"][0] for _, _, operation in found))
    return sorted(found, key=lambda each: tags.index(each[2]["tags"][0]))


def _operation(method: str, path: str, operation: Json) -> str:
    parameters = "".join(
        f"<li><code>{escape(given['name'])}</code> {_type(given['schema'])} <small>{escape(given['in'])}</small></li>"
        for given in operation.get("parameters", ())
    )
    body = operation.get("requestBody", {}).get("content", {})
    responses = operation["responses"].items()
    answers = "".join(
        f"<li>{status} {_content(answer.get('content', {}))}</li>" for status, answer in responses if status < "3"
    )
    errors = "; ".join(f"{status} {answer['description']}" for status, answer in responses if "3" < status < "6")
    return (
        f"<section><h3><b>{method.upper()}</b> <code>{escape(path)}</code></h3>"
        f"{_said(operation)}{_whose(operation.get('security', ()))}"
        + (f"<h4>Parameters</h4><ul>{parameters}</ul>" if parameters else "")
        + (f"<h4>Body</h4><ul><li>{_content(body)}</li></ul>" if body else "")
        + f"<h4>Answers</h4><ul>{answers}"
        + (f'<li><small>or a <a href="#Failure">Failure</a>: {escape(errors)}</small></li>' if errors else "")
        + "</ul></section>"
    )


def _said(described: Json) -> str:
    words = _QUOTED.sub(r"<code>\1</code>", escape(described.get("description") or ""))
    return f"<p>{words}</p>" if words else ""


def _whose(security: Iterable[Json]) -> str:
    names = " or ".join(name for requirement in security for name in requirement)
    return f"<p><small>By: {escape(names)}</small></p>" if names else ""


def _content(content: Json) -> str:
    return ", ".join(_type(media["schema"]) for media in content.values() if "schema" in media)


def _shape(schema: Json) -> str:
    """The fields; of a shape that is made of others, those others."""
    if not schema.get("properties"):
        made_of = [_type({"anyOf": schema[part]}) for part in ("allOf", "oneOf") if part in schema]
        return f"<p>{', and '.join(made_of)}</p>" if made_of else ""
    required, optional = schema.get("required", ()), " <small>optional</small>"
    rows = "".join(
        f"<li><code>{escape(name)}</code> {_type(kind)}{'' if name in required else optional}</li>"
        for name, kind in schema["properties"].items()
    )
    return f"<ul>{rows}</ul>"


def _type(schema: Json) -> str:
    """A schema as words; named ones as links to where they are listed."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            return " or ".join(_type(option) for option in schema[choice])
    if "allOf" in schema:
        fixed = "".join(
            f" with <code>{escape(name)}</code> {_type(kind)}" for name, kind in schema.get("properties", {}).items()
        )
        return " and ".join(_type(part) for part in schema["allOf"]) + fixed
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    if "enum" in schema:
        return " or ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(str(schema.get("format") or schema.get("type") or "anything")) + _bounds(schema)


def _bounds(schema: Json) -> str:
    for least, most in (("minLength", "maxLength"), ("minimum", "maximum")):
        if most in schema:
            return f" <small>{int(schema.get(least, 0))} to {int(schema[most])}</small>"
    return ""
