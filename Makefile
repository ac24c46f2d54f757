# Each target makes its own environment in .venv when none is there; Python and make are enough.
# torch is never installed from here: where it is absent, the training tests skip with a word.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTRAS ?= dev,cluster,discover,edge,find,gui
ARGS ?=
FILE ?= $(firstword $(wildcard assets/*.mp4))

.DEFAULT_GOAL := help
.PHONY: help demo test check bench clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.core ## name the movements in the shipped clip; writes ./motionapp-demo
	$(BIN)/motionapp demo $(ARGS)

test: $(VENV)/.dev ## run the tests (ARGS="-k window" for some of them)
	@$(BIN)/python -m compileall -q motionapp # once: else each of some hundred processes does it where caches are switched off
	@# Two workers that compute, and one for what waits: tests/sharing.py
	QT_QPA_PLATFORM=offscreen $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(VENV)/.dev ## style, types, who may know whom, docstrings: everything but the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python packaging/check_docstrings.py motionapp

bench: $(VENV)/.core ## time each stage on one file (FILE=clip.mp4; else the shipped clip)
	@test -n "$(FILE)" || { echo "There is no clip in assets/: name one with FILE=clip.mp4."; exit 2; }
	$(BIN)/motionapp bench $(ARGS) "$(FILE)"

clean: ## delete what tools left behind (delete .venv yourself to start afresh)
	rm -rf build dist motionapp-demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "motionapp needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "No environment could be made. On Debian and Ubuntu: sudo apt-get install python3-venv"; exit 1; }

# The stamps say what is installed: .core is the program alone, .dev has the tools and the window too.
$(VENV)/.core: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable ".[$(EXTRAS)]"
	@touch $(VENV)/.core $@
