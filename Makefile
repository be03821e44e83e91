# Soundproof: `make demo` and `make test` set up everything they need in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TORCH := $(shell grep -o '^torch==[0-9.]*' constraints.txt)
AUDIO ?= examples/feed.xml
QUESTION ?= $(if $(filter examples/feed.xml,$(AUDIO)),Why would a company that sells computing time give its model away?,)
ARGS ?=

# The demo's library lives in the checkout; name another folder to keep your own.
export SOUNDPROOF_HOME ?= $(CURDIR)/.soundproof

.PHONY: help demo test check ui bench lock clean
.DEFAULT_GOAL := help

help: ## say what each target does
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(READY) ## transcribe the examples (or AUDIO=path), ask a QUESTION, print the cited answer
	@SOUNDPROOF_OFFLINE=1 $(BIN)/python -m examples.demo "$(AUDIO)" "$(QUESTION)"

test: $(READY) ## run all tests (quick ones: make test ARGS='-m "not slow"')
	@$(BIN)/python -m pytest $(ARGS)

check: $(READY) ## check format, lint, layers, strict types, docs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@$(BIN)/basedpyright
	@$(BIN)/python -m pytest -q tests/test_docs.py tests/test_house_rules.py

ui: $(READY) ## open the app over the same library as the demo
	@$(BIN)/soundproof ui

bench: $(READY) ## run the benchmarks; each prints its bars and fails where one is missed
	@status=0; for name in wer seeds retrieval evaluation seal briefs drafts arena pages readers filtered_search ingest_rate; do \
	  $(BIN)/python -m benchmarks.$$name || status=1; done; exit $$status

lock: ## write constraints.txt anew from pyproject.toml (needs uv); torch stays as it is
	@mkdir -p build && grep -o '^torch==[0-9.]*' constraints.txt > build/torch.in
	@awk '/^[a-z]/ { mine = /^torch==/ } mine' constraints.txt > build/torch.txt
	@uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links -q \
	  --constraint build/torch.in -o build/all.txt > build/lock.log
	@awk '/^[a-z]/ { skip = /^(torch==|triton|nvidia|cuda)/ } !skip' build/all.txt \
	  | cat - build/torch.txt > constraints.txt

clean: ## remove the virtual environment, the demo's library and caches
	rm -rf $(VENV) .soundproof build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Soundproof needs Python 3.11 or later; name one: make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check $(TORCH)
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -r constraints.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $(READY)
