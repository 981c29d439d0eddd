# `make run` and `make test` need Python 3.11 or newer and make; everything else is set up here.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE := var/rullamo
PORT ?= 8080
UPGRADE ?=

# Nothing is installed but what the lock files name, with their hashes; a file begins with those it builds on.
# On Linux the ordinary torch wheel draws in several GB of CUDA packages. PyTorch's own index has a CPU build
# under the same version; a machine that cannot reach it goes on at once. That build is only for this one package.
CPU_INDEX := https://download.pytorch.org/whl/cpu
TORCH := requirements/torch.txt
SERVE := requirements/serve.txt
TRAIN := $(TORCH) $(SERVE) requirements/train.txt requirements/english.txt requirements/xlsx.txt
DEV := $(TRAIN) requirements/onnx-export.txt requirements/postgresql.txt requirements/dev.txt

pip = $(1)/bin/python -m pip install --quiet
torch = $(pip) --no-deps --retries 0 --timeout 5 --extra-index-url $(CPU_INDEX) --requirement $(TORCH)
locked = $(pip) --require-hashes --no-deps --requirement requirements/$(2).txt
project = $(pip) --no-deps --editable .

define environment
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
  { echo "Python 3.11 or newer is needed, $(PYTHON) is older: run 'make PYTHON=python3.12 …'"; exit 1; }
$(PYTHON) -m venv $(1)
endef

define check_torch
@$(1)/bin/python -W ignore -c 'import torch' || \
  { echo "The CPU build of torch was not found: is $(CPU_INDEX) reachable?"; exit 1; }
endef

.PHONY: setup presidio finetune generator serving helpdesk oldest test-oldest sample run test attacks lint lock clean

# What `make run` needs: to serve, and to train the sample.
$(VENV)/.train: $(TRAIN) pyproject.toml
	$(call environment,$(VENV))
	$(call torch,$(VENV))
	$(call locked,$(VENV),english)
	$(call locked,$(VENV),xlsx)
	$(call check_torch,$(VENV))
	$(call project,$(VENV))
	@touch $@

# That and the tools of tests and checks.
setup: $(VENV)/.complete

$(VENV)/.complete: $(DEV) pyproject.toml
	$(call environment,$(VENV))
	$(call torch,$(VENV))
	$(call locked,$(VENV),dev)
	$(call check_torch,$(VENV))
	$(call project,$(VENV))
	@touch $(VENV)/.train $@

# The optional extra for names and places, 250 MB: for the tests, not for a first look.
presidio: $(VENV)/.presidio

$(VENV)/.presidio: requirements/presidio.txt $(VENV)/.complete
	$(call locked,$(VENV),presidio)
	@touch $@

# The optional extra that tunes the second encoder, 290 MB: for the tests too.
finetune: $(VENV)/.finetune

$(VENV)/.finetune: requirements/finetune.txt $(VENV)/.complete
	$(call locked,$(VENV),finetune)
	@touch $@

# What makes a client out of the OpenAPI document, for the tests; it wants older packages than the service.
generator: $(VENV)/generator/.complete

$(VENV)/generator/.complete: requirements/generator.txt
	$(call environment,$(VENV)/generator)
	$(call locked,$(VENV)/generator,generator)
	@touch $@

# What a machine needs that only serves, in an environment of its own, for the tests: no torch, no scikit-learn.
# The project is installed there as its users install it, anew each time.
serving: $(VENV)/serving/.complete
	rm -rf build
	$(call pip,$(VENV)/serving) --no-deps --force-reinstall .

$(VENV)/serving/.complete: $(SERVE)
	$(call environment,$(VENV)/serving)
	$(call locked,$(VENV)/serving,serve)
	@touch $@

# A real helpdesk to connect to, in an environment of its own, for the tests.
helpdesk: $(VENV)/helpdesk/.complete

$(VENV)/helpdesk/.complete: requirements/helpdesk.txt
	$(call environment,$(VENV)/helpdesk)
	$(call locked,$(VENV)/helpdesk,helpdesk)
	@touch $@

# The oldest versions that pyproject.toml allows, in an environment of their own: `.ci/run full` tests with them.
oldest: $(VENV)/oldest/.complete

$(VENV)/oldest/.complete: requirements/oldest.txt $(TORCH) pyproject.toml
	$(call environment,$(VENV)/oldest)
	$(call torch,$(VENV)/oldest)
	$(call pip,$(VENV)/oldest) --no-deps --requirement requirements/oldest.txt
	$(call project,$(VENV)/oldest)
	@touch $@

# What old packages say of each other's and Python's ways counts for nothing.
test-oldest: oldest generator serving helpdesk
	$(VENV)/oldest/bin/python -W ignore -m pytest -n 2 --dist loadfile -W ignore

# Writes the lock files after a change of pyproject.toml; see requirements/lock.py for newer versions.
lock: $(VENV)/lock/.complete
	$(VENV)/lock/bin/python requirements/lock.py $(UPGRADE)

$(VENV)/lock/.complete:
	$(call environment,$(VENV)/lock)
	$(call pip,$(VENV)/lock) uv==0.13.9
	@touch $@

# A sample helpdesk, trained and indexed once; it is built again when its texts change.
sample: $(SAMPLE)/.complete

$(SAMPLE)/.complete: $(VENV)/.train examples/rullamo/triage.toml examples/rullamo/tickets.jsonl examples/rullamo/replies.jsonl
	@mkdir -p $(SAMPLE)
	cp examples/rullamo/triage.toml $(SAMPLE)/triage.toml
	$(BIN)/triage train --home $(SAMPLE) --settings $(SAMPLE)/triage.toml --tickets examples/rullamo/tickets.jsonl --force
	$(BIN)/triage index --rebuild --home $(SAMPLE) --settings $(SAMPLE)/triage.toml --articles examples/rullamo/articles examples/rullamo/replies.jsonl
	@touch $@

run: sample
	$(BIN)/triage serve --home $(SAMPLE) --settings $(SAMPLE)/triage.toml --port $(PORT) --open

# Two processes: many tests wait for servers that they start. A file stays in one of them.
test: setup presidio finetune generator serving helpdesk
	$(BIN)/python -m pytest -n 2 --dist loadfile

# Attacks on a service over a copy of the sample, on loopback addresses only; see docs/security.md.
attacks: setup sample
	$(BIN)/python -m benchmarks.attacks --home $(SAMPLE)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) var build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
