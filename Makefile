# `make help` lists what there is. Everything but the choice of Python is done by tools/, in Python.

PYTHON ?= python3
PORT ?= 8000
CAMPUS_PORT ?= 8001

VENV := .venv/bin/python

# Fails with one sentence where PYTHON names nothing that runs.
PYTHON_IS_HERE = command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	echo "There is no program $(PYTHON) here: install Python 3.11 or newer, or name the one you have, as in make $@ PYTHON=python3.12" >&2; exit 1; }
TOOLS = $(PYTHON_IS_HERE); exec "$(PYTHON)" -m tools

.DEFAULT_GOAL := help
.PHONY: help run test check lint format bench soak screenshots migration messages lock install clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run:  ## start the tool and the campus, installing what is missing; Ctrl-C stops (PORT=8000 CAMPUS_PORT=8001)
	@$(TOOLS) run --with-parent --port "$(PORT)" --campus-port "$(CAMPUS_PORT)"

test:  ## run every test this machine can run (SLOW=1: the slow ones too; ARGS="tests/quizzes -k draw": some only)
	@$(TOOLS) test $(ARGS)

check:  ## format, lint, types, import contracts and tests: what has to be green before you share it
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory test

lint:  ## the checks that need no test: format, lint, types, import contracts, templates and catalogs
	@$(TOOLS) lint

format: install  ## put the code in the form that lint asks for
	@$(VENV) -m ruff check --fix --quiet . || true
	@$(VENV) -m ruff format --quiet .

bench: install  ## measure every promise of speed, in one table
	@$(VENV) -m bench $(ARGS)

soak: install  ## the long promises, hours of them; goes on where it was stopped
	@$(VENV) -m bench.soak $(ARGS)

screenshots: install  ## pictures of the main pages
	@$(VENV) -m tools.screenshots $(ARGS)

migration: install  ## write a migration from what the models say (name="people have nicknames")
	@test -n "$(name)" || { echo 'Say what it does, as in make migration name="people have nicknames"' >&2; exit 1; }
	@$(VENV) -m flask --app wsgi migration "$(name)"

messages:  ## collect what the pages say for translators (LANGUAGE=de: begin a new language)
	@$(TOOLS) messages

lock:  ## write the lock files from pyproject.toml (UPGRADE=1: the newest of everything)
	@$(TOOLS) lock

install:  ## install what developing needs into .venv
	@$(TOOLS) install dev

clean:  ## forget the virtual environment and what npm installed; data under var/ stays
	@rm -rf .venv tests/judges/node_modules tests/judges/python/packages bench/peers/ltijs/node_modules bench/peers/*/packages .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
