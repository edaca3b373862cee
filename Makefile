# Everything a person or CI does with fundscout. `make help` lists it.
# The virtual environment is rebuilt only when the lock file or the project file changes.

PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# a worker a core; one that has nothing left takes tests from another
PARALLEL := --numprocesses auto --dist worksteal
# workers and the processes that tests start share what was compiled, whatever the shell says
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install run test quick check bench contract quality collection samples lock

help: ## list these targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV): a few minutes the first time."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

install: $(READY) ## set up the virtual environment from the lock file

run: $(READY) ## load the example calls, match a pilot, then serve page and API on 127.0.0.1:8000
	$(BIN)/fundscout load-examples
	$(BIN)/fundscout match --pilot featured --top 3
	$(BIN)/fundscout serve

test: $(READY) ## run every test, on all cores
	$(BIN)/pytest $(PARALLEL)

quick: $(READY) ## run the tests of single parts, in less than a minute: no model, no whole jobs
	$(BIN)/pytest $(PARALLEL) -m "not model and not kill and not whole and not slow"

check: $(READY) ## check format, lint, types and layers; `make test` runs the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) ## measure speed and memory (20 minutes of idle cores), or: make bench SPEED="--only NAME"
	$(BIN)/python -m bench.speed $(SPEED)

contract: $(READY) ## send each operation of the API a thousand requests of every kind (an hour)
	CONTRACT_EXAMPLES=1000 $(BIN)/pytest $(PARALLEL) tests/service/api/test_contract.py

quality: $(READY) ## measure the ranking on evaluation data and compare with the committed table
	$(BIN)/python bench/quality.py

collection: $(READY) ## collect all funders twice from local servers that play them (15 minutes)
	PYTHONPATH=. $(BIN)/python bench/collection.py

samples: $(READY) ## read a folder of saved answers, a row a file: make samples SAMPLES=folder
	$(BIN)/python bench/samples.py $(SAMPLES)

lock: $(READY) ## pin the newest versions that pyproject.toml allows
	$(BIN)/pip-compile --quiet --strip-extras --upgrade --extra dev --extra mcp --no-emit-index-url \
		--no-emit-find-links --no-emit-options --output-file requirements.lock pyproject.toml
	@# the plain version fits both the CPU build and the registry's default build
	sed -i 's/^\(torch==[0-9.]*\)+cpu/\1/' requirements.lock
