# `make run` and `make test` each do all that a fresh machine with Python 3.11+ and make needs.

PYTHON ?= python3
BIN := .venv/bin
UV ?= $(firstword $(wildcard $(BIN)/uv) uv)
# Two workers for each core, for much of the time they wait for servers, but no more than 8: each starts a PostgreSQL of its own.
# Who is done takes over from who is not: tests take from a millisecond to a minute.
PYTEST_WORKERS ?= -n $(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN)))) --maxprocesses 8 --dist worksteal

PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header

.DEFAULT_GOAL := help
.PHONY: help install install-dev run services check lint types format test audit lock bench clean

help: ## Show what can be made.
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

install: .venv/installed ## Build .venv with the command complaintbot in it.

install-dev: .venv/installed-dev ## Add what the tests and checks need.

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "complaintbot needs Python 3.11 or newer as '$(PYTHON)': install it, or name it: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot build virtual environments: install its venv module (Debian: apt-get install python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# The hash of every download is checked; only our own tree is installed without one. Compiled, it starts sooner the first time.
.venv/installed: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q bot complaints connectors scheduler
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

run: install ## Start the service with config.toml or, where there is none, the demo.
	@if [ -f config.toml ]; then \
		exec $(BIN)/complaintbot run --config config.toml; \
	else \
		echo "There is no config.toml (config.example.toml shows one): starting the demo, which keeps its data in data/."; \
		exec $(BIN)/complaintbot demo; \
	fi

services: ## Make sure that the real servers the tests talk to are there.
	@tests/install-services

check: install-dev lint types ## Format, lint, import rules, types.

lint: install-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo

types: install-dev
	$(BIN)/mypy

format: install-dev ## Put the code into the house's form.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# mypy uses one core for a minute: the tests begin meanwhile, and say last how they ended. Where Python is told to keep no
# bytecode, each worker would rewrite and compile every test anew, more than half of what collecting takes, and so each service;
# nor do all of them at once in a fresh clone, for the tests are collected once before. What fails there, pytest says after it.
test: install-dev services lint ## Everything that must hold before a commit.
	@$(BIN)/mypy > .mypy_cache.log 2>&1 & types=$$!; \
	export PYTHONDONTWRITEBYTECODE=; \
	$(BIN)/pytest --collect-only -qq > /dev/null 2>&1; \
	$(BIN)/pytest $(PYTEST_WORKERS) || tests=failed; \
	wait $$types || { cat .mypy_cache.log; exit 1; }; \
	test -z "$$tests"

lock: ## Renew both lock files from pyproject.toml (add UPGRADE=1 for newer versions); needs uv.
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: install it, or name it: make UV=/path/to/uv lock" >&2; exit 1; }
	$(LOCK) $(if $(UPGRADE),--upgrade) --group build -o requirements.lock
	$(LOCK) $(if $(UPGRADE),--upgrade) --group dev -c requirements.lock -o requirements-dev.lock

audit: ## Ask the advisory database about every locked package; says so where it cannot be reached.
	$(PYTHON) .ci/audit requirements.lock requirements-dev.lock

bench: install ## Measure intake beside the machine's own limit.
	$(BIN)/complaintbot bench intake -n 2000 --json

clean: ## Remove what was built; data/ and config.toml stay.
	rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .mypy_cache.log .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
