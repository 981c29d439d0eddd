# `make run` and `make test` need Python 3.11 or newer and make; everything else is set up here.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE := var/rullamo
PORT ?= 8080

# On Linux the ordinary torch wheel draws in several GB of CUDA packages. PyTorch's own index has a CPU build
# under the same version; a machine that cannot reach it goes on at once. That build is only for this one package.
TORCH := $(shell sed -n 's/^torch==/torch==/p' constraints.txt)
CPU_INDEX := https://download.pytorch.org/whl/cpu

.PHONY: setup presidio finetune generator sample run test lint clean

setup: $(VENV)/.complete

$(VENV)/.complete: constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, $(PYTHON) is older: run 'make PYTHON=python3.12 …'"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --retries 0 --timeout 5 --extra-index-url $(CPU_INDEX) "$(TORCH)"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,english]'
	@touch $@

# The optional extra for names and places, 250 MB: for the tests, not for a first look.
presidio: $(VENV)/.presidio

$(VENV)/.presidio: $(VENV)/.complete
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[presidio]'
	@touch $@

# The optional extra that tunes the second encoder, 150 MB: for the tests too.
finetune: $(VENV)/.finetune

$(VENV)/.finetune: $(VENV)/.complete
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[finetune]'
	@touch $@

# What makes a client out of the OpenAPI document, for the tests; it wants older packages than the service.
generator: $(VENV)/generator/.complete

$(VENV)/generator/.complete: tests/http/client_generator.txt $(VENV)/.complete
	$(PYTHON) -m venv $(VENV)/generator
	$(VENV)/generator/bin/python -m pip install --quiet --requirement tests/http/client_generator.txt
	@touch $@

# A sample helpdesk, trained and indexed once; it is built again when its texts change.
sample: $(SAMPLE)/.complete

$(SAMPLE)/.complete: $(VENV)/.complete examples/rullamo/triage.toml examples/rullamo/tickets.jsonl examples/rullamo/replies.jsonl
	@mkdir -p $(SAMPLE)
	cp examples/rullamo/triage.toml $(SAMPLE)/triage.toml
	$(BIN)/triage train --home $(SAMPLE) --settings $(SAMPLE)/triage.toml --tickets examples/rullamo/tickets.jsonl --force
	$(BIN)/triage index --rebuild --home $(SAMPLE) --settings $(SAMPLE)/triage.toml --articles examples/rullamo/articles examples/rullamo/replies.jsonl
	@touch $@

run: sample
	@echo "Open http://127.0.0.1:$(PORT)/ in a browser; Ctrl+C stops."
	$(BIN)/triage serve --home $(SAMPLE) --settings $(SAMPLE)/triage.toml --port $(PORT)

# Two processes: many tests wait for servers that they start. A file stays in one of them.
test: setup presidio finetune generator
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) var build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
