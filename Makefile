# Two commands to remember: make run, make test. Everything below is idempotent.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
export PORT
# Some twenty processes start from these files: each would compile them anew.
unexport PYTHONDONTWRITEBYTECODE
PY := .venv/bin/python

# The first Python that is new enough; PYTHON=… names another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	if command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo $$name; break; fi; done)

# Tests use their own servers and data, which may be lost at any time.
TEST_ENV := PINGJU_HOME=$${PINGJU_TEST_HOME:-var/test} PINGJU_THROWAWAY=1 OPENBLAS_NUM_THREADS=1
TESTS ?= tests
WORKERS ?= 2
BENCH ?=

.PHONY: help setup setup-dev run test check bench faults pictures clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

define set_up
	@if [ -z "$(PYTHON)" ]; then \
		echo "make setup: 需要 Python 3.11 以上 · Python 3.11 or newer is needed, found $$(python3 --version 2>/dev/null || echo none): apt-get install python3 python3-venv, or make setup PYTHON=/path/to/python3.11" >&2; exit 1; fi
	@$(PYTHON) config/local/setup.py $(1)
endef

setup: ## the virtual environment, dependencies and local services, nothing started
	$(call set_up,)

setup-dev:
	$(call set_up,--dev)

run: setup ## set everything up and start it: http://127.0.0.1:8000 (PORT=… for another port)
	@exec $(PY) -m config.local.supervisor --with-parent

test: setup-dev ## run the tests (TESTS=tests/story for a part)
	@$(TEST_ENV) $(PY) -m pytest $(TESTS) --ignore=tests/faults -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: setup-dev ## lint, formatting, types, import contracts, migrations, messages
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(TEST_ENV) $(PY) -m mypy .
	@$(TEST_ENV) .venv/bin/lint-imports
	@$(TEST_ENV) $(PY) manage.py makemigrations --check --dry-run
	@$(TEST_ENV) $(PY) manage.py check
	@$(TEST_ENV) $(PY) manage.py messages --check

bench: setup-dev ## a row per benchmark, and var/bench/results.json (BENCH=name for one)
	@PINGJU_HOME=var/bench/home $(PY) -m bench $(BENCH)

faults: setup-dev ## the long fault tests: servers and supervisors killed, disks filled
	@$(TEST_ENV) $(PY) -m pytest tests/faults -q --timeout=900 -o python_files='*.py'

pictures: setup-dev ## pictures of every page for docs/pages.md, of the house that runs (PORT=…)
	@$(PY) -m tests.browser.pictures http://127.0.0.1:$(PORT)

clean: ## remove caches and the tests' servers; .venv and var (your data) stay
	@rm -rf var/test .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
