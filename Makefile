# Each target makes what it needs, with nothing but python3 there. `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin

help:
	@echo "make demo    serve a small blog and shop to look at (Ctrl-C ends it)"
	@echo "make test    run the whole test suite"
	@echo "make storm   storms and faults at full size (ten minutes)"
	@echo "make check   style, types and the direction of imports"
	@echo "make bench   install the peers and measure Kiosque beside them (a quarter of an hour)"

demo: .venv/installed
	@$(BIN)/kiosque serve --demo

test: .venv/installed-dev
	@$(BIN)/python -m pytest

storm: .venv/installed-dev
	@$(BIN)/python -m pytest tests/proof tests/faults --storm -n0

check: .venv/installed-dev
	@echo "— ruff: what is wrong or doubtful";       $(BIN)/ruff check
	@echo "— ruff: how it is laid out";              $(BIN)/ruff format --check
	@echo "— mypy: types";                           $(BIN)/mypy
	@echo "— import-linter: who may import whom";    $(BIN)/lint-imports
	@echo "All checks passed."

bench: .venv/installed-bench
	@$(BIN)/python -m bench

.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kiosque needs Python 3.11 or newer")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,postgres]'
	@touch $@

.venv/installed-bench: .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

.PHONY: help demo test storm check bench
.DELETE_ON_ERROR:
