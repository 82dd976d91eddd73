# Each target installs what it needs; only python3 must be there. `make` alone lists the targets.
PYTHON ?= python3
# Compiled modules are kept, or every server that a test starts compiles them again.
export PYTHONDONTWRITEBYTECODE :=
BIN := .venv/bin

help:
	@echo "make demo      serve a small blog and shop to try (Ctrl-C deletes it)"
	@echo "make quick     run the tests that start no server: a minute, on SQLite alone"
	@echo "make test      run the whole test suite, or T: make test T=tests/shop"
	@echo "make coverage  run the test suite, or T, and list the lines of api/ that no test ran"
	@echo "make storm     run the tests of overselling, faults and generated requests at full size (20 minutes)"
	@echo "make check     check style, types and the direction of imports"
	@echo "make types     renew the typed dictionaries of kiosque_client from the OpenAPI document"
	@echo "make bench     install the peers and measure Kiosque against them (15 minutes)"
	@echo "make lock      update requirements/ to the newest releases that pyproject.toml allows"

demo: .venv/installed
	@$(BIN)/kiosque serve --demo

quick: .venv/installed-dev
	@$(BIN)/python -m pytest -m "not server" $(T)

test: .venv/installed-dev
	@$(BIN)/python -m pytest $(T)

coverage: .venv/installed-dev
	@$(BIN)/python -m pytest --cov=api $(T)

storm: .venv/installed-dev
	@$(BIN)/python -m pytest -m sized --storm -n0

check: .venv/installed-dev
	@echo "— ruff: errors";                          $(BIN)/ruff check
	@echo "— ruff: formatting";                      $(BIN)/ruff format --check
	@echo "— mypy: types";                           $(BIN)/mypy
	@echo "— import-linter: direction of imports";   $(BIN)/lint-imports
	@echo "All checks passed."

types: .venv/installed-dev
	@$(BIN)/python -m tests.client.typed_answers

bench: .venv/installed-bench
	@$(BIN)/python -m bench

# dev.txt comes first: it has the most packages, and constrains the other two.
lock: $(BIN)/python
	@$(PIP) install 'uv>=0.9,<1'
	@$(BUILDER) | $(LOCK) --extra postgres --extra stripe --extra s3 --extra dev --output-file requirements/dev.txt
	@$(BUILDER) | $(LOCK) --extra postgres --extra stripe --extra s3 --constraint requirements/dev.txt --output-file requirements/run.txt
	@$(BUILDER) | $(LOCK) --extra bench --constraint requirements/dev.txt --output-file requirements/bench.txt

LOCK := $(BIN)/uv pip compile pyproject.toml - --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-emit-index-url --custom-compile-command 'make lock'
BUILDER := $(BIN)/python -c 'import tomllib as t; print(*t.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")'
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.venv/installed: requirements/run.txt
.venv/installed-dev: requirements/dev.txt
.venv/installed-bench: requirements/bench.txt

.venv/installed .venv/installed-dev .venv/installed-bench: pyproject.toml | $(BIN)/python
	@echo "Installing $(filter requirements/%,$^) into .venv …"
	@$(PIP) install --require-hashes --requirement $(filter requirements/%,$^)
	@$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kiosque needs Python 3.11 or newer")'
	@$(PYTHON) -m venv .venv

.PHONY: help demo quick test coverage storm check types bench lock
.DELETE_ON_ERROR:
