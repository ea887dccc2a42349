# Everything a person or a CI machine does with Tocsin. `make` alone lists it.

PYTHON ?= $(shell for each in python3.11 python3.12 python3.13 python3; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
CONFIG ?= tocsin.toml
DATA ?= ../shared/data
MINUTES ?= 10
CLAIMS ?= 100000
KILLS ?= 1000
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo run test check bench bench-stream bench-postgres bench-topics soak format docs lock fuzz

help: ## list these targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

setup: $(VENV)/ready ## install Tocsin and its tools into .venv; does nothing when that is done
	@echo 'Tocsin is ready in $(VENV).'

demo: $(VENV)/ready ## show a bundled day of news going through Tocsin, offline
	@$(BIN)/tocsin demo

run: $(VENV)/ready ## watch the sources of CONFIG (default tocsin.toml) until Ctrl-C
	@$(BIN)/tocsin run --config $(CONFIG)

test: $(VENV)/ready ## run the unit and integration tests
	@$(BIN)/pytest tests

check: $(VENV)/ready ## check format, lint, types, imports and that the reference pages are fresh
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

bench: $(VENV)/ready ## measure the graph beside bare trafilatura on the pages in DATA (default ../shared/data)
	@$(BIN)/python tests/bench/whole_graph.py $(DATA)

bench-stream: $(VENV)/ready ## measure workers on a real Kafka and PostgreSQL, and the graph on a real Flink, on DATA
	@$(BIN)/python tests/bench/workers.py $(DATA)
	@$(BIN)/python tests/bench/flink.py

bench-postgres: $(VENV)/ready ## measure a ledger of CLAIMS claims (default 100000) on a real PostgreSQL
	@$(BIN)/python tests/bench/postgres.py --claims $(CLAIMS)

bench-topics: $(VENV)/ready ## measure topic matching beside Lucene Monitor (needs Java and Maven) on the stories in DATA
	@$(BIN)/python tests/bench/topics.py $(DATA)

fuzz: $(VENV)/ready ## fuzz the reading of pages for MINUTES (default 10), beginning with the pages in DATA
	@$(BIN)/python tests/soak/fuzz.py $(DATA) --minutes $(MINUTES)

soak: $(VENV)/ready ## kill processes and servers KILLS times (default 1000) and compare what is left
	@$(BIN)/python tests/soak/kills.py --kills $(KILLS)

format: $(VENV)/ready ## put all code into the one format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: $(VENV)/ready ## write docs/reference and schemas/json anew from the code
	@$(BIN)/python docs/generate.py

lock: $(VENV)/ready ## choose the newest allowed version of each dependency anew
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --extra dev \
		--custom-compile-command 'make lock' --output-file requirements.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --constraint requirements.lock \
		--custom-compile-command 'make lock' --output-file deploy/requirements.lock pyproject.toml deploy/build.in
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 \
		--output-file deploy/tools.lock deploy/tools.in

# uv installs in seconds what takes pip a minute; where it cannot be had, pip does the same. Bytecode is made
# here, so that the first demo is as fast as the second.
$(VENV)/ready: pyproject.toml requirements.lock setup.py
	@test -n "$(PYTHON)" || { echo 'Tocsin needs Python 3.11 or newer.' >&2; \
		echo 'hint: install one, or name it: make setup PYTHON=/path/to/python3' >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo 'hint: this Python has no venv module; on Debian and Ubuntu: apt install python3-venv' >&2; exit 2; }
	@$(BIN)/python -m pip install --quiet uv 2>/dev/null || echo 'uv cannot be had here; pip is slower'
	@echo 'Installing Tocsin into $(VENV) ...'
	@if test -x $(BIN)/uv; then install='$(BIN)/uv pip install --quiet --python $(BIN)/python'; compile=--compile-bytecode; \
		else install='$(BIN)/python -m pip install --quiet'; fi; \
		$$install --require-hashes $$compile -r requirements.lock && \
		$$install --no-deps --no-build-isolation --editable .
	@touch $@
