# Needs make and Python 3.11 or later, nothing else. `make` alone lists the targets.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin

# What the environment was made from: this folder (scripts and the editable install hold its path) and the
# content of the locks. Content, not time: a checkout gives files new times without changing them.
# requirements.lock is what a refresh and the web UI need; requirements-dev.lock the same pins and what tests need.
ENV_MADE_FROM     = $(CURDIR) $(shell cksum < requirements.lock)
DEV_MADE_FROM     = $(CURDIR) $(shell cksum < requirements-dev.lock)
PROJECT_MADE_FROM = $(shell cksum < pyproject.toml)

# Byte-compiled here, as are the project's own files below: where writing bytecode is forbidden, every start would pay.
PIP_INSTALL = $(BIN)/python -m pip install -qq --no-deps

export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help refresh env env-dev dev test test-system docs bench fuzz torture lint format lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

refresh: env ## make the environment if needed, then build, check and publish the warehouse, its export and its pages
	@$(BIN)/aigap refresh --pages

env: ## make .venv from requirements.lock; does nothing when it is up to date
	@if [ "$$(cat $(VENV)/made-from 2>/dev/null)" != '$(ENV_MADE_FROM)' ]; then \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    || { echo "$(PYTHON): not found, or older than Python 3.11. Install Python 3.11, or name one: make $(or $(MAKECMDGOALS),env) PYTHON=/path/to/python3" >&2; exit 2; }; \
	  echo "Making $(VENV) from requirements.lock (once, about a minute) …"; \
	  $(PYTHON) -m venv --clear $(VENV) \
	    && $(PIP_INSTALL) --require-hashes -r requirements.lock \
	    && printf '%s\n' '$(ENV_MADE_FROM)' > $(VENV)/made-from; \
	fi
	@if [ "$$(cat $(VENV)/project-made-from 2>/dev/null)" != '$(PROJECT_MADE_FROM)' ]; then \
	  $(PIP_INSTALL) --no-build-isolation --editable . \
	    && printf '%s\n' '$(PROJECT_MADE_FROM)' > $(VENV)/project-made-from; \
	fi
	@$(BIN)/python -m compileall -q aigap.py pipelines sources warehouse || true

env-dev: env ## add what tests, types and the cookbook need, from requirements-dev.lock
	@if [ "$$(cat $(VENV)/dev-made-from 2>/dev/null)" != '$(DEV_MADE_FROM)' ]; then \
	  echo "Adding what the tests need to $(VENV), from requirements-dev.lock (once, about a minute) …"; \
	  $(PIP_INSTALL) --require-hashes -r requirements-dev.lock \
	    && $(PIP_INSTALL) --require-hashes --target $(VENV)/duckdb-1.4 -r tests/duckdb-1.4.lock \
	    && printf '%s\n' '$(DEV_MADE_FROM)' > $(VENV)/dev-made-from; \
	fi

dev: env ## open the web UI with the graph and the runs, on http://localhost:3000
	@exec $(BIN)/python -m pipelines.runtime.dev

test: env-dev ## the tests that need nothing but the environment, on two cores
	@$(BIN)/python -m pytest -m "not system" -n 2 --dist loadfile

# In the order that tests/conftest.py gives them. Three at once on two cores: most of them wait for other programs.
# pytest ends with 5 when it found no test to run.
test-system: env-dev ## the tests that need a browser, PostgreSQL, the daemon or many processes
	@$(BIN)/python -m pytest -m system -n 3 --dist loadfile --no-loadscope-reorder || { code=$$?; [ $$code -eq 5 ] && echo "No system tests yet." || exit $$code; }

docs: env-dev ## write the dictionary, and every output the documents show, anew from the shipped history
	@$(BIN)/python -m tests.fixtures.documents

bench: env-dev ## time and memory of a refresh, of a query, of whole histories, and of other tools; how often intervals hold
	@$(BIN)/python bench/run.py
	@$(BIN)/python bench/full_size.py
	@$(BIN)/python bench/incremental.py
	@$(BIN)/python bench/beside/run.py
	@$(BIN)/aigap refresh -q
	@$(BIN)/python bench/coverage.py

# `.venv/bin/python -m tests.fuzz.run --help`: fewer bodies, one source, one body again.
fuzz: env-dev ## offer every parser 25,000 mutated bodies and 250 bombs, about ten minutes
	@$(BIN)/python -m tests.fuzz.run

# Begun again, it goes on where it was. `.venv/bin/python -m tests.torture.run --help`: fewer kills, one kind again.
torture: env-dev ## kill, fill and copy it 1,100 times and publish 1,000 times beside readers; about an hour, resumable
	@$(BIN)/python -m tests.torture.run

lint: env-dev ## ruff (style), import-linter (imports one way) and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(BIN)/mypy

format: env-dev ## let ruff put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

UV_COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-annotate \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(LOCKFLAGS)

# Pins stay as they are where pyproject.toml allows them; LOCKFLAGS=--upgrade takes the newest.
# The names with extras are kept: without them pip refuses the file.
lock: ## write the locks from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv on the PATH; the other targets do not." >&2; exit 2; }
	@$(UV_COMPILE) pyproject.toml --extra ui --extra build --output-file requirements.lock
	@$(UV_COMPILE) pyproject.toml --all-extras --constraints requirements.lock --output-file requirements-dev.lock
	@$(UV_COMPILE) pyproject.toml --extra ui --extra build --extra dask --extra postgres --constraints requirements-dev.lock \
	  --output-file deploy/requirements.lock
	@echo 'duckdb==1.4.4' | $(UV_COMPILE) - --output-file tests/duckdb-1.4.lock

clean: ## remove the environment and caches; the warehouse and the run history stay
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
