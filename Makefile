# What there is to do with a checkout of Wireroom. Needs python3 (3.11 or later) with venv, and make; nothing else.

.DEFAULT_GOAL := help
# Tests in parallel: one more than there are processors, for many of them wait for a daemon.
PROCESSES = $(shell expr $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1)

.PHONY: help run demo test test-long check docs bench lock clean setup setup-dev

help: ## say what there is
	@echo "Wireroom:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

run: setup ## poll the feeds of feeds.yaml and serve the reading room, until Ctrl-C
	@.venv/bin/wireroom run

demo: setup ## the same with a small bundled newspaper, without a network
	@.venv/bin/wireroom demo

test: setup-dev ## run all tests, on all cores; ARGS="-k name" for some of them
	@sh scripts/install-test-tools.sh
	@.venv/bin/python -m pytest -n $(PROCESSES) --dist loadfile $(ARGS)

test-long: ## the same at length: kills in hundreds, ten times the random cases; an hour or more
	@WIREROOM_LONG=1 $(MAKE) test

check: setup-dev docs ## style, types, imports, documentation
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	MYPYPATH=.:tests .venv/bin/mypy --config-file= --explicit-package-bases --ignore-missing-imports --follow-imports=silent tests
	.venv/bin/python -m pytest tests/test_project.py

docs: setup-dev ## is the documentation up to date?
	@if [ -f scripts/check_docs.py ]; then .venv/bin/python scripts/check_docs.py; fi

bench: setup ## measure against other programs (installs them in bench/.venv)
	@bash bench/run.sh

lock: ## pin the dependencies anew; UPGRADE=1 takes the newest versions
	@sh scripts/lock.sh

clean: ## remove what these commands made; archives and feeds.yaml stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage build dist bench/.venv bench/out
	find scraper store wireroom tests bench -name __pycache__ -prune -exec rm -rf {} +

setup:
	@sh scripts/setup.sh runtime

setup-dev:
	@sh scripts/setup.sh dev
