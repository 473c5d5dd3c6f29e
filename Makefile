# Simpul. Every target is one call of tools/start.py, which needs nothing but Python 3.11 or newer;
# so Windows, CI and the hook do exactly what is done here.

PYTHON ?= python3
START := $(PYTHON) tools/start.py
ARGS ?=
SIZE ?= small
PORT ?= 8000
export SIZE PORT

.DEFAULT_GOAL := help
.PHONY: help demo demo-district run setup test check fix bench screenshots messages lock

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## a made-up Puskesmas on this computer (SIZE=small|medium|large|empty PORT=8000)
	@$(START) demo $(ARGS)

demo-district: ## a made-up Dinas and three Puskesmas on this computer (PORT=8000 and three more)
	@$(START) demo-district $(ARGS)

run: ## the real site, with its data in SIMPUL_DATA
	@$(START) serve $(ARGS)

setup: ## .venv with everything a developer needs
	@$(START) setup --dev

test: ## every test, on SQLite and PostgreSQL (ARGS="-k counter" for some of them)
	@$(START) test $(ARGS)

check: ## format, lint, types, import contracts, templates, migrations, messages (ARGS=types for one)
	@$(START) check $(ARGS)

fix: ## repair what the formatters can repair
	@$(START) fix $(ARGS)

bench: ## measure the budgets
	@$(START) bench $(ARGS)

screenshots: ## make the pictures of the README again
	@$(START) screenshots $(ARGS)

messages: ## collect the interface's sentences, compile the translations
	@$(START) messages $(ARGS)

lock: ## lock the requirements again (ARGS=--upgrade for newer versions)
	@$(START) lock $(ARGS)
