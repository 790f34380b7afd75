# What people do with this project; `make help` lists it. Everything runs on the machine itself: no Docker, no AWS account.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAM_VENV := .venv-sam
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo up down test check acceptance fuzz bench bench-peers compile docs requirements sam clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- installing: a stamp per requirements file, so a second call costs nothing ------------------------
# The files list every dependency of every dependency, so pip need not (and for extras cannot) resolve them again.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: Ventuno needs Python 3.11 or newer; call make PYTHON=<path>" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.local: requirements/local.txt pyproject.toml | $(BIN)/python
	@echo "installing what the command line and the local stack need into $(VENV)/"
	@$(PIP) install --quiet --no-deps --require-hashes -r requirements/local.txt
	@$(PIP) install --quiet --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.local
	@echo "installing what the tests need into $(VENV)/"
	@$(PIP) install --quiet --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

$(SAM_VENV)/.sam: requirements/sam.txt
	@echo "installing the SAM CLI into $(SAM_VENV)/"
	@$(PYTHON) -m venv $(SAM_VENV)
	@$(SAM_VENV)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes -r requirements/sam.txt
	@touch $@

# --- running -------------------------------------------------------------------------------------------
demo: $(VENV)/.local ## start the local stack, post a webhook, follow the run, show the records
	@$(BIN)/ventuno demo

up: $(VENV)/.local ## start the local stack and deploy to it
	@$(BIN)/ventuno up

down: $(VENV)/.local ## stop the local stack; its data stays
	@$(BIN)/ventuno down

# --- proving -------------------------------------------------------------------------------------------
test: $(VENV)/.dev ## run every test, on a local stack of its own
	$(BIN)/pytest --numprocesses 2 --no-loadscope-reorder

check: $(VENV)/.dev sam ## what CI checks beside the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/ventuno compile --all --check
	$(BIN)/python -m ventuno_dev.docs --check

sam: $(SAM_VENV)/.sam ## validate template.yaml and build it as SAM would deploy it
	.ci/sam $(SAM_VENV)/bin/sam

acceptance: $(VENV)/.dev ## run the acceptance workflows on a local stack, print their table, make docs/acceptance.md
	$(BIN)/pytest tests/e2e/acceptance --acceptance-page docs/acceptance.md

N ?= 5000
SEED ?= 100000
fuzz: $(VENV)/.dev ## compare N= random machines with the run rules, from SEED= on
	$(BIN)/python -m tests.graphs $(N) $(SEED)

bench: $(VENV)/.dev ## measure, print a table, write bench/results.json
	$(BIN)/python -m tests.bench

bench-peers: $(VENV)/.dev ## the same 5-step run here, in n8n and in DBOS, which it installs below .cache/
	$(BIN)/python -m tests.bench.peers

# --- generating ----------------------------------------------------------------------------------------
compile: $(VENV)/.local ## workflows/*.yaml -> statemachines/*.asl.json
	$(BIN)/ventuno compile --all

docs: $(VENV)/.local ## the pages of docs/ that are made from the code
	$(BIN)/python -m ventuno_dev.docs

# The Lambda runtime brings these with boto3; a second copy would triple the layer.
IN_LAMBDA_RUNTIME := botocore jmespath python-dateutil six urllib3
# Libraries of functions need what the layer has.
IN_LAYER := tzdata
# email-validator imports it only to ask the DNS, which records never do.
NEVER_IMPORTED := dnspython
UV_COMPILE = $(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --generate-hashes --universal --python-version 3.11
UV_LAMBDA = $(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --generate-hashes --python-version 3.13 \
  --python-platform aarch64-manylinux2014 --constraint requirements/dev.txt
requirements: $(BIN)/python ## pin every dependency again, with hashes and without addresses
	@$(PIP) install --quiet uv
	$(UV_COMPILE) pyproject.toml --extra dev -o requirements/dev.txt
	$(UV_COMPILE) pyproject.toml --extra local --constraint requirements/dev.txt -o requirements/local.txt
	$(UV_COMPILE) requirements/sam.in -o requirements/sam.txt
	$(UV_LAMBDA) $(addprefix --no-emit-package ,$(IN_LAMBDA_RUNTIME) $(NEVER_IMPORTED)) \
	  pyproject.toml -o layers/shared/requirements.txt
	for function in $(dir $(wildcard functions/*/requirements.in)); do \
	  $(UV_LAMBDA) $(addprefix --no-emit-package ,$(IN_LAMBDA_RUNTIME) $(IN_LAYER)) \
	    $${function}requirements.in -o $${function}requirements.txt || exit; \
	done

clean: ## delete what was installed and built; the data of the local stack stays
	rm -rf $(VENV) $(SAM_VENV) .aws-sam .mypy_cache .ruff_cache .pytest_cache
