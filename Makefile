# make setup      installs golive and its development tools into .venv, and does nothing else
# make run        sets everything up and runs the suites on the embedded twin
# make quick      golive's own tests but those that take their time (SLOW of tests/conftest.py): for between two edits
# make test       golive's own tests, with coverage
# make renew      write the texts that tests of wording expect, to be looked at with git diff
# make lint       style and types
# make schemas    writes schemas/environment.schema.json again, after a change of a key or of an API
# make kill-matrix  measures again which checks detect which fault, and writes schemas/kill-matrix.json (minutes)
# make benchmark  what a run costs, and what others cost and find that a user would pick otherwise
# make pyz        writes dist/golive.pyz, golive in one file, for machines without a package index
# make clean      removes what the others made
#
# make itself ends with 2 whatever a recipe's code was. Where the code matters (0 GO, 1 NO-GO, 4 …),
# call .venv/bin/golive run instead; `make run` prints it as the last line.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNNING := $(VENV)/.installed
ALL := $(VENV)/.installed-dev

TAVERN := .venv-tavern
# .ci/run leaves out less.
LEFT_OUT := exhaustive or night

.PHONY: setup run quick test renew lint schemas kill-matrix benchmark pyz clean

run: $(RUNNING)
	@$(BIN)/golive run $(ARGS)

setup: $(ALL)

quick: $(ALL)
	@$(BIN)/pytest tests -q -n 2 --dist worksteal --quick

renew: $(ALL)
	@$(BIN)/pytest tests -q -n 2 -m "not whole_run" --renew

test: $(ALL)
	@$(BIN)/coverage erase
	@$(BIN)/pytest tests -q -n 3 --dist worksteal -m "not ($(LEFT_OUT))" --cov --cov-report=term --cov-fail-under=95

lint: $(ALL)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

schemas: $(ALL)
	@$(BIN)/python -c 'from golive.environment.schema import write_editor_schema as write; print(write())'

kill-matrix: $(ALL)
	@$(BIN)/golive prove --seeds 1 --kill-matrix schemas/kill-matrix.json $(ARGS)

benchmark: $(ALL) $(TAVERN)/.installed
	@$(BIN)/python benchmarks/cost.py
	@$(BIN)/python benchmarks/peers/peers.py --tavern $(TAVERN)/bin/python

# Of one platform and of one Python's minor version: those on which it is made.
pyz: $(ALL)
	@mkdir -p dist
	@PIP_CONSTRAINT=constraints.txt $(BIN)/shiv --compressed --console-script golive --output-file dist/golive.pyz --quiet .

clean:
	rm -rf $(VENV) $(TAVERN) reports dist build .coverage .coverage.* .mypy_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
	find . -name .pytest_cache -prune -exec rm -rf {} +

$(RUNNING): pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing golive into $(VENV) …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(ALL): pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing golive and its development tools into $(VENV) …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(RUNNING)

$(TAVERN)/.installed: | $(BIN)/python
	@$(BIN)/python -m venv $(TAVERN)
	@$(TAVERN)/bin/python -m pip install -qq --disable-pip-version-check tavern==3.7.1 'pytest<9' jsonschema
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "golive needs Python 3.11 or newer (make PYTHON=python3.11 …)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "python3 can't make a virtual environment; on Debian: apt-get install make python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
