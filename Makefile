# The project's commands; `make help` lists them. Everything lands inside this directory.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
RUN := .venv/bin/python
DIST := app/static/dist/manifest.json
CATALOGUES := $(wildcard app/translations/*/LC_MESSAGES/messages.po)

help: ## List the commands
	@sed -nE 's/^([a-z -]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

setup: .venv/.ready $(DIST) $(CATALOGUES:.po=.mo) ## Create .venv/, node_modules/ and the browser assets from the locks
	@:

demo: setup ## Show a county working on http://127.0.0.1:8000 (PORT=… for another); Ctrl-C stops it
	@exec $(RUN) -m ops.demo

demo-reset: setup ## Throw the demonstration's data away and start it over
	@exec $(RUN) -m ops.demo --reset

check test: setup ## Every check and every test, exactly as CI runs them
	@exec $(RUN) -m ops.check

check-fast: setup ## The checks without the tests: style, types, imports, templates, texts
	@exec $(RUN) -m ops.check --no-tests

soak: setup ## Every fault campaign in full size on both databases (up to two hours); writes docs/reliability.md
	@exec $(RUN) -m ops.soak

bench: setup ## Measure how fast it is, beside its peers (ONLY="completion cases" for some parts)
	@exec $(RUN) -m bench $(ONLY)

format: setup ## Lay the code out and mend what the linter can mend
	@.venv/bin/ruff check --quiet --fix-only . ; .venv/bin/ruff format .

messages: setup ## Bring the translation catalogues up to date with the code
	@$(RUN) -m ops.messages

locks: ## Resolve the lock files anew from pyproject.toml and package.json
	@$(PYTHON) ops/lock.py

clean: ## Remove what was built or fetched (instance/ with its data stays)
	rm -rf .venv node_modules app/static/dist .cache .servers .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis .coverage .coverage.*
	find app bench tests ops -name __pycache__ -prune -exec rm -rf {} + ; find app -name '*.mo' -delete

.venv/.ready: requirements-dev.lock ops/bootstrap.py
	@$(PYTHON) ops/bootstrap.py
	@touch $@

node_modules/.ready: package-lock.json .npmrc
	@$(PYTHON) ops/node.py
	@touch $@

$(DIST): node_modules/.ready ops/assets.mjs $(wildcard app/assets/*)
	@node ops/assets.mjs

%.mo: %.po | .venv/.ready
	@$(RUN) -m babel.messages.frontend --quiet compile --input-file=$< --output-file=$@ --locale=zh_Hans_CN

.PHONY: help setup demo demo-reset check test check-fast soak bench format messages locks clean
