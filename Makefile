PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: serve test lint unit contract mutants defects campaigns fidelity bench bench-others tools docs clean

serve: $(READY)
	$(BIN)/fake-server serve

test: lint unit

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.prose

# A worker keeps to neighbouring tests, which share applications.
unit: $(READY)
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist worksteal

contract: $(READY)
	$(BIN)/fake-server verify

fidelity: $(READY)
	$(BIN)/python -m tools.fidelity docs/fidelity

# Whether the contract tests see 100 and more small defects of the fake.
mutants: $(READY)
	$(BIN)/fake-server mutants

# Whether the contract tests see what a proxy does wrong, with control of the server and without.
defects: $(READY)
	$(BIN)/python -m tests.verify.defects

# Tests that take minutes each.
campaigns: $(READY)
	$(BIN)/python -m pytest -m slow

bench: $(READY)
	$(BIN)/python -m bench

# This server beside WireMock, Prism, Mockoon, json-server and moto_server, from their registries.
bench-others: $(READY)
	$(BIN)/python -m bench.others

# Tools of others, in JavaScript, over the OpenAPI documents, and packages that log in; what is in
# Python is in `make test`.
tools: $(READY) .npm/.ready
	$(BIN)/python -m pytest -m npm tests/test_outside_tools.py tests/test_examples.py tests/clients

.npm/.ready: tools/npm/package.json
	mkdir -p .npm
	cp $< .npm/
	npm install --prefix .npm --ignore-scripts --no-audit --no-fund --loglevel error
	touch $@

# Compiled here, because where PYTHONDONTWRITEBYTECODE is set every start would compile anew.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[docs,intercept,tls,verify]' --group dev
	$(BIN)/python -m compileall -q fake_server
	touch $@

# The documentation as a site, in `site/`; a link that leads nowhere ends the build.
docs: $(READY)
	$(BIN)/zensical build --strict --clean

clean:
	rm -rf $(VENV) .cache site .npm .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
