# Everything a newcomer runs. Nothing is installed outside the checkout; the network is used for package registries only.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

CARGO ?= cargo
PYTHON ?= python3
# Published answers to measure against; not part of the repository.
EXAMPLES ?= ../shared/examples
# Decoded copies of CMS's tables, likewise.
CMS ?= ../shared/cms
# Statements of the field, likewise.
DOSSIER ?= ../shared/facts/rules.md

VENV := .venv
PY := $(VENV)/bin/python
TARGET := $(or $(CARGO_TARGET_DIR),target)
SPINECODE_BIN := $(abspath $(TARGET))/debug/spinecode
RUST_SOURCES := $(shell git ls-files 'crates/*' 'proto/*' Cargo.toml Cargo.lock 2>/dev/null)
WHEEL := $(VENV)/.spinecode-built
NODE_READY := tests/node/node_modules/.ready
export SPINECODE_BIN

.PHONY: cms-release oracle demo test test-rust test-python node test-extra score statements lint lint-rust lint-tidy lint-python lint-deny bench clean python

## demo: builds, serves, codes the 2006 article's scenarios in four eras in process and over gRPC, compares, reads out
demo:
	$(CARGO) build --locked -p spinecode-cli --bin spinecode --example demo_account
	tests/demo/run.sh $(SPINECODE_BIN) $(TARGET)/debug/examples/demo_account

## test: every test of every face; the Node client runs among the server's tests
test: test-rust test-python

test-rust: node
	$(CARGO) test --locked --workspace --exclude spinecode-python --no-fail-fast

test-python: $(WHEEL)
	$(CARGO) build --locked -p spinecode-cli --bin spinecode
	cd python && ../$(PY) -m pytest
	$(PY) -m doctest README.md && echo "README.md: 1 passed"

## node: the Node client's libraries, where Node is
node:
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
	  $(MAKE) --no-print-directory $(NODE_READY); \
	else \
	  echo "skipped: the Node client, for want of Node"; \
	fi

## test-extra: what takes longer or looks at the whole: generated pages, the demo, the examples' score
test-extra: $(WHEEL)
	$(CARGO) xtask docs --check
	$(MAKE) --no-print-directory demo
	$(MAKE) --no-print-directory score
	$(MAKE) --no-print-directory statements

## oracle: the built-in rows and the three NCCI layers against CMS's tables, by SQL that shares no code with the engine
oracle: $(VENV)/.ready
	@if [[ ! -d $(CMS) ]]; then \
	  echo "skipped: the oracle, for want of $(CMS)"; \
	else \
	  $(PY) tests/cms/agreement.py $(CMS); \
	  [[ -f $(TARGET)/cms.release ]] || $(MAKE) --no-print-directory cms-release; \
	  $(CARGO) build --locked --release -p spinecode-engine --example edit_lines; \
	  $(PY) tests/cms/oracle.py $(CMS) $(TARGET)/cms.release $(TARGET)/release/examples/edit_lines; \
	fi

## statements: every statement of the rules dossier is a conformance case on both sides of its dates, or listed with a reason
statements: $(WHEEL)
	@if [[ ! -f $(DOSSIER) ]]; then \
	  echo "skipped: the statements, for want of $(DOSSIER)"; \
	else \
	  $(PY) tests/examples/check_statements.py $(DOSSIER); \
	fi

## cms-release: builds $(TARGET)/cms.release from the decoded copies, whose pair edits lack their first days
cms-release: $(VENV)/.ready
	@if [[ ! -d $(CMS) ]]; then \
	  echo "skipped: the release, for want of $(CMS)"; \
	else \
	  $(CARGO) build --locked -p spinecode-cli --bin spinecode; \
	  mapfile -t files < <($(PY) tests/cms/write_layouts.py $(CMS) $(TARGET)/cms); \
	  $(SPINECODE_BIN) data build "$${files[@]}" --unknown-starts -o $(TARGET)/cms.release; \
	  rm -rf $(TARGET)/cms; \
	fi

## score: answers the example vignettes and scores them
score: $(WHEEL)
	@if [[ ! -f $(EXAMPLES)/score.py ]]; then \
	  echo "skipped: the score, for want of $(EXAMPLES)"; \
	else \
	  mkdir -p $(TARGET)/score; \
	  $(PY) tests/examples/answer_vignettes.py $(EXAMPLES)/vignettes.jsonl >$(TARGET)/score/answers.jsonl; \
	  $(PY) $(EXAMPLES)/score.py $(EXAMPLES)/vignettes.jsonl $(TARGET)/score/answers.jsonl -v; \
	  $(PY) tests/examples/clean_claims.py $(EXAMPLES)/vignettes.jsonl; \
	fi

## lint: format, clippy, the project's own checks, Python's linters and the stub test, licences
lint: lint-rust lint-tidy lint-python lint-deny

lint-rust:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

lint-tidy:
	$(CARGO) xtask tidy

lint-python: $(WHEEL)
	$(PY) -m ruff check python tests/examples tests/cms
	$(PY) -m ruff format --check python tests/examples tests/cms
	cd python && ../$(PY) -m mypy
	cd python && ../$(PY) -m mypy.stubtest spinecode._spinecode

lint-deny:
	@if command -v cargo-deny >/dev/null; then $(CARGO) deny check; \
	else echo "skipped: licences and advisories, for want of cargo-deny"; fi

## bench: speed on fixed data
bench:
	$(CARGO) bench --locked --workspace --exclude spinecode-python

## python: the package, built into $(VENV)
python: $(WHEEL)

clean:
	$(CARGO) clean
	rm -rf $(VENV) tests/node/node_modules python/src/spinecode/*.so

$(VENV)/.ready: python/requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r python/requirements-dev.txt
	touch $@

$(WHEEL): $(VENV)/.ready python/pyproject.toml $(RUST_SOURCES)
	cd python && VIRTUAL_ENV=$(abspath $(VENV)) ../$(VENV)/bin/maturin develop --quiet --locked
	touch $@

$(NODE_READY): tests/node/package-lock.json
	cd tests/node && npm ci --silent --no-audit --no-fund
	touch $@
