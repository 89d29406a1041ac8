# One image: the built pages, the server and its drivers for PostgreSQL and Redis.
#
#     docker build --tag havana .
#     docker run --publish 127.0.0.1:8000:8000 --volume havana:/data havana
#
# docs/deploying.md tells the rest, and what it needs behind a proxy.

FROM node:24.11.1-bookworm-slim AS web
WORKDIR /build/web
# The packages first, which change less often than what is built with them.
COPY web/package.json web/package-lock.json web/.npmrc ./
COPY web/ui/package.json ui/
COPY web/protocol/package.json protocol/
COPY web/widget/package.json widget/
COPY web/console/package.json console/
RUN npm ci --loglevel=error
COPY web/ ./
# Writes to ../src/havana/static.
RUN npm run --silent build

FROM python:3.13.9-slim-bookworm AS wheel
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY constraints.txt pyproject.toml README.md LICENSE NOTICE CHANGELOG.md ./
RUN pip install --constraint constraints.txt build hatchling
COPY src/ src/
COPY --from=web /build/src/havana/static/ src/havana/static/
RUN python -m build --wheel --no-isolation && \
    python -m venv /opt/havana && \
    wheel=$(echo dist/havana-*.whl) && \
    /opt/havana/bin/pip install --constraint constraints.txt "${wheel}[postgres,redis,embed,mcp]"

FROM python:3.13.9-slim-bookworm
LABEL org.opencontainers.image.title="Havana" org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin havana && \
    install --directory --owner havana --group havana --mode 700 /data
COPY --from=wheel /opt/havana/ /opt/havana/
ENV PATH=/opt/havana/bin:$PATH \
    HAVANA_DATA=/data \
    HAVANA_HOST=0.0.0.0 \
    HAVANA_PORT=8000
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# Whether it lives: whoever replaces containers that fail this must not do so because a database is away.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:%s/healthz' % os.environ['HAVANA_PORT'], timeout=4)"]
# The server itself is the process that is told to stop.
ENTRYPOINT ["havana"]
CMD ["serve"]
