# Everything a developer does, one verb each; CI runs the same. `make` alone shows them.
# ARGS is passed on:  make test ARGS="tests/flow -x"   make demo ARGS="--exit"   make bench ARGS="--rounds 1"

VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# Each process of the demo and of the tests would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
# uv's cache may lie on another disk; copying without a word is what we want then.
UV := UV_LINK_MODE=copy VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv --quiet

.DEFAULT_GOAL := help
.PHONY: help setup demo test debian quick soak check bench rows pictures lock clean

help: ## show these verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

setup: $(VENV)/.dev ## everything needed to work on the hub, into .venv

demo: $(VENV)/.runtime ## a shop, its suppliers and a day of orders, all on this machine
	$(BIN)/faros demo $(ARGS)

# Two at a time, each taking over from the other when it is done, but for what kills processes and leases by the second:
# that has the machine to itself.
ALONE := tests/crash tests/cli tests/embedded

test: $(VENV)/.dev debian ## the tests; ARGS as for pytest
ifeq ($(strip $(ARGS)),)
	$(BIN)/python -m pytest -n 2 --dist worksteal $(addprefix --ignore=,$(ALONE))
	$(BIN)/python -m pytest $(ALONE)
else
	$(BIN)/python -m pytest $(ARGS)
endif

# A browser and a mail server for the tests, where root may install them; else those tests skip, and say so.
debian:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! { test -x /usr/bin/chromium && test -x /usr/sbin/dovecot; }; then \
		export DEBIAN_FRONTEND=noninteractive; apt="apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20"; \
		{ $$apt update && $$apt install -y --no-install-recommends chromium dovecot-imapd; } >/dev/null 2>&1 \
		|| echo "Chromium or Dovecot could not be installed: their tests are skipped."; fi

# The language, the engine on a real database, projects, connectors' kit, feeds and the dashboard's parts.
QUICK := $(addprefix tests/,flow engine project sdk feeds dashboard)

quick: $(VENV)/.dev ## the tests of a minute: flows, engine, projects, SDK, feeds, dashboard
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" $(QUICK) $(ARGS)

soak: $(VENV)/.dev ## what takes minutes by itself: the peak of the year in full size
	$(BIN)/python -m pytest tests/soak $(ARGS)

check: $(VENV)/.dev ## style, types, and which room may import which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy hub connectors flows dashboard tests
	PYTHONPATH=. $(BIN)/lint-imports --no-logo

bench: $(VENV)/.dev ## how many orders the hub carries on this machine
	$(BIN)/python -m tests.bench $(ARGS)

rows: $(VENV)/.dev ## how many of the rows of tests/rows.tsv a passing test proves
	$(BIN)/python -m tests.rows $(ARGS)

pictures: $(VENV)/.dev ## the README's pictures of the pages and of the dashboard, taken anew
	PICTURES=deploy/pictures $(BIN)/python -m pytest tests/browser/test_pages.py tests/browser/test_dashboard_pictures.py $(ARGS)

lock: $(VENV)/.uv ## resolve the dependencies anew: names, versions and hashes, no addresses
	$(BIN)/uv pip compile pyproject.toml $(COMPILE) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev -c requirements.lock $(COMPILE) -o requirements-dev.lock
	echo uv | $(BIN)/uv pip compile - $(COMPILE) -o requirements-uv.lock
COMPILE := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links

clean: ## forget what was built; your data folders stay
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: done once, and again only when a lock or the project's own description changes.
$(VENV)/.uv: requirements-uv.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name one with PYTHON=..."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

$(VENV)/.runtime: $(VENV)/.uv requirements.lock pyproject.toml
	$(UV) pip install --require-hashes -r requirements.lock
	$(UV) pip install --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.uv requirements-dev.lock pyproject.toml
	$(UV) pip install --require-hashes -r requirements-dev.lock
	$(UV) pip install --no-deps -e .
	@touch $@ $(VENV)/.runtime
