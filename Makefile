# Dateline: everything a newcomer or a machine runs. `make` alone lists the targets.
#
# Two stamps keep a second call instant: .venv/.runs (the program and what it needs) and
# .venv/.dev (what the tests and gates need). Both install from locks with hashes.

VENV   := .venv
BIN    := $(VENV)/bin
UV     ?= uv
PIP     = $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
ROOMS  := db spiders feeds monitor
# What must be covered to the last branch, all else to 90 %: db, and the modules that
# pyproject.toml's import contract calls pure.
WHOLE   = $(shell $(BIN)/python tests/gates.py whole)

# The first Python that starts, is 3.11 or newer and can make environments (a name alone may be
# a dead shim, hence the trial), looked for once and only where there is no environment yet.
# Overridable: make demo PYTHON=/path/to/python3.12
PYTHON ?= $(eval PYTHON := $(firstword \
  $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python, \
    $(shell $(name) -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
      >/dev/null 2>&1 && echo $(name)))))$(PYTHON)

.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types contract cover bench torture lock clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | while IFS='	' read -r name text; do \
	  printf '  make %-10s %s\n' "$$name" "$$text"; done

demo: $(VENV)/.runs  ## install what is needed, then show the main job on a local press room
	@$(BIN)/dateline demo

test: $(VENV)/.dev  ## install what the tests need and run them all, doctests too
	@$(BIN)/python -m pytest -n 2

check: format lint types contract cover  ## every gate: format, rules, types, imports, coverage

format: $(VENV)/.dev  ## is everything formatted?
	@$(BIN)/ruff format --check --quiet .

lint: $(VENV)/.dev  ## all of ruff's rules, less those pyproject.toml gives a reason for
	@$(BIN)/ruff check --quiet .

types: $(VENV)/.dev  ## mypy, strict
	@$(BIN)/mypy

contract: $(VENV)/.dev  ## who may import whom
	@$(BIN)/lint-imports --no-cache

cover: $(VENV)/.dev  ## tests and doctests with branch coverage: db and the pure modules 100 %, all 90 %
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m coverage run -m pytest -n 2
	@$(BIN)/python tests/gates.py sweep
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage report --skip-covered --show-missing --include='$(WHOLE)' --fail-under=100
	@$(BIN)/python -m coverage report --skip-covered --show-missing --fail-under=90

bench: $(VENV)/.dev  ## what is fast and how it grows: prints tables, fails nobody
	@$(BIN)/python -m bench

torture: $(VENV)/.dev  ## the sweeps and scenarios in their long version; ends with tables (again: DATELINE_TORTURE_SEED=N)
	@DATELINE_TORTURE=long $(BIN)/python -m pytest -n 2 -m torture --timeout 3600

lock:  ## write both locks anew (needs uv; everybody else needs pip only)
	@command -v $(UV) >/dev/null || { echo 'make lock needs uv: install it, or say make lock UV=/path/to/uv' >&2; exit 1; }
	@$(UV) pip compile $(LOCK) --group build --output-file requirements.lock pyproject.toml
	@$(UV) pip compile $(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --custom-compile-command 'make lock'

clean:  ## remove the environment and every cache; var/ and configs stay
	@rm -rf $(VENV) demo dist build .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find $(ROOMS) tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'Dateline needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv).' >&2; \
	  echo 'None was found on the PATH; name one: make demo PYTHON=/path/to/python3.12' >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo '$(PYTHON) is older than Python 3.11; name another: make demo PYTHON=…' >&2; exit 1; }
	@echo "Making $(VENV) with $(PYTHON) …"
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.runs: requirements.lock pyproject.toml | $(BIN)/python
	@echo 'Installing what Dateline needs (a minute or two, once) …'
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runs
	@echo 'Installing what the tests need (once) …'
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
