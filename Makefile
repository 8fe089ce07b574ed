# Lianfang 联防. Needs python3 (3.11 or later, with venv) and make; everything else is brought by set-up.
.DEFAULT_GOAL := help
.PHONY: help run test test-rest test-all check bench clean-data setup setup-dev python
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
# As it was typed: a $ in a password is a $.
CAMERA_AS_GIVEN := $(value CAMERA)
export CAMERA_AS_GIVEN
# Most tests wait, so four run on two cores, and two of the long ones; the slow files begin first, as tests/conftest.py says.
SIDE_BY_SIDE := --dist loadfile --no-loadscope-reorder -n
# Empty means no: what is compiled once is not compiled at every start.
export PYTHONDONTWRITEBYTECODE =

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## */  make \1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

python:
	@command -v python3 >/dev/null || { echo "python3 is missing: sudo apt-get install python3 python3-venv" >&2; exit 1; }
	@python3 -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or later is needed; python3 here is " + sys.version.split()[0] + ".")'

setup: python
	@python3 -m launch setup

setup-dev: python
	@python3 -m launch setup --dev

run: python ## everything on this machine, until Ctrl-C (CAMERA=rtsp://… or a file or a webcam's number: your own camera)
	@exec python3 -m launch run $(if $(CAMERA_AS_GIVEN),"CAMERA=$$CAMERA_AS_GIVEN")

test: setup-dev ## the tests, some eleven minutes on two cores
	@$(PY) -m pytest -m "not long" $(SIDE_BY_SIDE) 4
	@python3 -m launch npm test --silent

test-rest: setup-dev
	@$(PY) -m pytest -m long --timeout 900 $(SIDE_BY_SIDE) 2 || [ $$? -eq 5 ]
	@$(PY) -m pytest tests/hub --on postgres -m "not long and not screen" $(SIDE_BY_SIDE) 4

test-all: test test-rest ## all tests: both databases whole, faults, every screen

check: setup-dev ## style and types
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@python3 -m launch npm run check --silent

bench: setup-dev ## the benchmarks; each ends with one line of JSON
	@missed=; for file in $$(grep -l '__name__ == "__main__"' tests/bench/*.py); do \
	  $(PY) -m tests.bench.$$(basename $$file .py) || missed="$$missed $$(basename $$file .py)"; done; \
	  [ -z "$$missed" ] || { echo "missed:$$missed" >&2; exit 1; }

clean-data: python ## remove the data of `make run`
	@python3 -m launch clean-data
