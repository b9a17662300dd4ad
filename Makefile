# Everything runs in .venv, made with the standard library and filled from the lock files.
PYTHON ?= python3
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
# Tests start the program hundreds of times: it must not be compiled from its source each time.
unexport PYTHONDONTWRITEBYTECODE
LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(UPGRADE) pyproject.toml

.PHONY: help serve test lint format bench bench-exam faults lock wheel bundle clean

help:
	@echo "make serve         set everything up and start on http://127.0.0.1:8000 (DEMO=1: with a demonstration county)"
	@echo "make test          the whole suite on SQLite and PostgreSQL, browser tests included (ARGS=... for pytest)"
	@echo "make lint          ruff and mypy; make format mends what ruff can mend"
	@echo "make bench         ratios measured in one run, also in bench.json"
	@echo "make bench-exam    how fast an exam is beside yardsticks, a rush of 5,000 and a soak of ten minutes"
	@echo "make faults        killed servers, cut links, power cuts, races: ten times the trials of make test, also in faults.json"
	@echo "make lock          renew both lock files (UPGRADE=--upgrade: to the newest versions)"
	@echo "make wheel         dist/quizapp-*.whl with templates and question banks inside"
	@echo "make bundle        dist/quizapp-*-bundle.tar.gz, installed with the network off; downloads about 150 MB, then tries it"

serve: $(VENV)/run.stamp
	$(BIN)/quizapp serve $(if $(filter-out 0,$(DEMO)),--demo) $(ARGS)

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --durations=20 $(ARGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/dev.stamp
	$(BIN)/python -m tests.bench $(ARGS)

bench-exam: $(VENV)/dev.stamp
	$(BIN)/python -m tests.bench.exam $(ARGS)

faults: $(VENV)/dev.stamp
	FAULTS=full $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests/faults $(ARGS)

lock: $(VENV)/dev.stamp
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

wheel: $(VENV)/dev.stamp
	$(BIN)/python -m hatchling build -t wheel

bundle: $(VENV)/dev.stamp
	$(BIN)/python -m deploy.bundle.build $(ARGS)
	BUNDLE=dist $(BIN)/python -m pytest -n 0 tests/operations/test_bundle.py

clean:
	rm -rf $(VENV) dist

# A stamp is older than its lock or pyproject.toml after every pull that changed them: then pip runs again.
# The development set contains the running set at the same versions, so whichever came last serves both.
$(VENV)/run.stamp: requirements.lock pyproject.toml | $(VENV)/bin/pip
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml | $(VENV)/bin/pip
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/run.stamp

$(VENV)/bin/pip:
	@command -v $(PYTHON) >/dev/null || { \
	echo "Python 3.11 or newer is missing: sudo apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "$$($(PYTHON) --version) is too old, 3.11 or newer is needed: sudo apt install python3.11 python3.11-venv, then make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	echo "Python's venv module is missing: sudo apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
