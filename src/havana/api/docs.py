"""OpenAPI under `/api/docs`, as a page without scripts and without anything from another host."""

from html import escape
from importlib.resources import files
from typing import Any

from litestar import MediaType, Request, Response, Router, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin

from havana import __version__


@get("/style.css", include_in_schema=False)
async def style() -> Response[str]:
    """A file of its own: the policy forbids styles in the page."""
    return Response(files("havana.api").joinpath("docs.css").read_text(), media_type=MediaType.CSS)


class Listing(OpenAPIRenderPlugin):
    """Every operation with its parameters, its body and its answers; every schema below."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def receive_router(self, router: Router) -> None:
        router.register(style)

    def render(
        self,
        request: Request[Any, Any, Any],  # noqa: ARG002 - the signature is the framework's
        openapi_schema: dict[str, Any],
    ) -> bytes:
        operations = "".join(
            _operation(method, path, operation)
            for path, item in sorted(openapi_schema["paths"].items())
            for method, operation in item.items()
        )
        schemas = "".join(
            f'<section id="{escape(name)}"><h3>{escape(name)}</h3>{_fields(schema)}</section>'
            for name, schema in sorted(openapi_schema["components"]["schemas"].items())
        )
        return _PAGE.format(version=__version__, operations=operations, schemas=schemas).encode()


def config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Havana",
        version=__version__,
        description="Conversations over HTTP. Commands and the live channel are described in docs/protocol.md.",
        path="/api/docs",
        render_plugins=[Listing(), JsonRenderPlugin()],
    )


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Havana API</title><link rel="stylesheet" href="/api/docs/style.css"></head>
<body><main><h1>Havana API {version}</h1>
<p>The same as <a href="/api/docs/openapi.json">OpenAPI</a>. Agents come with their cookie (writes from this
origin only), visitors with <code>Authorization: Bearer</code>. Errors are
<code>{{"error": {{"code", "message", "retry_ms", "state"}}}}</code>.</p>
{operations}<h2>Shapes</h2>{schemas}</main></body></html>
"""


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<li><code>{escape(given['name'])}</code> <small>{escape(given['in'])}</small></li>"
        for given in operation.get("parameters", ())
    )
    body = operation.get("requestBody", {}).get("content", {})
    answers = "".join(
        f"<li>{escape(status)} {_content(answer.get('content', {}))}</li>"
        for status, answer in operation["responses"].items()
    )
    return (
        f"<section><h2><b>{method.upper()}</b> <code>{escape(path)}</code></h2>"
        f"<p>{escape(operation.get('description') or operation.get('summary') or '')}</p>"
        + (f"<h4>Parameters</h4><ul>{parameters}</ul>" if parameters else "")
        + (f"<h4>Body</h4><p>{_content(body)}</p>" if body else "")
        + f"<h4>Answers</h4><ul>{answers}</ul></section>"
    )


def _content(content: dict[str, Any]) -> str:
    return ", ".join(_type(media["schema"]) for media in content.values() if "schema" in media)


def _fields(schema: dict[str, Any]) -> str:
    required, optional = schema.get("required", ()), " <small>optional</small>"
    rows = "".join(
        f"<li><code>{escape(name)}</code> {_type(kind)}{'' if name in required else optional}</li>"
        for name, kind in schema.get("properties", {}).items()
    )
    return f"<ul>{rows}</ul>"


def _type(schema: dict[str, Any]) -> str:
    """A schema as words; named ones as links to where they are listed."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            return " or ".join(_type(option) for option in schema[choice])
    if "enum" in schema:
        return " or ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(str(schema.get("format") or schema.get("type") or "anything"))
