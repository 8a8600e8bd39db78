# Every command of the house. `make` alone lists them.
# VENV names another environment folder, PORT another port, PYTHON another interpreter (3.11 or up).

VENV ?= .venv
PYTHON ?= python3
# More than the two cores it is measured on: a story waits for its browser now and then.
WORKERS ?= 3
export VENV PYTHON
# Without kept bytecode each start would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

BIN := $(VENV)/bin
SETUP := bash .ci/setup
MANIFESTS := static/vendor/vendor.toml tests/vendor/vendor.toml

.DEFAULT_GOAL := help
.PHONY: help run serve env dev-env test check format bench screenshots lock vendor migration translations verify.py seal.html tamper clean

help:  ## List these commands
	@sed -nE 's/^([a-z.-]+):.*##  *(.*)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
		|| sed -nE 's/^([a-z.-]+):.*##  *(.*)/  make \1: \2/p' $(MAKEFILE_LIST)

run:  ## Start a demo community on 127.0.0.1:8000 (PORT changes it)
	@$(SETUP) env pdf translations
	@exec $(BIN)/flask --app wsgi run-demo

serve:  ## Start for a real office: TLS, no demo data, production settings checked
	@$(SETUP) env pdf translations
	@exec $(BIN)/flask --app wsgi serve

env:  ## Make the environment the site runs in
	@$(SETUP) env

dev-env:  ## Make the environment that also checks and tests
	@$(SETUP) dev-env

test:  ## Run all tests on SQLite, then on PostgreSQL, real browser included
	@$(SETUP) dev-env oracles pdf browser poppler postgres translations
	@bash .ci/test $(WORKERS)

check:  ## Lint, types, import contracts, templates, house rules: what CI runs first
	@$(SETUP) dev-env translations
	@bash .ci/check $(WORKERS)

format:  ## Rewrite Python files in the house style
	@$(SETUP) dev-env
	@$(BIN)/ruff check --fix-only --quiet . && $(BIN)/ruff format .

bench:  ## Measure each speed the design promises beside its floor
	@$(SETUP) dev-env oracles postgres translations
	@$(BIN)/python -m benchmarks

tamper:  ## Change one thing at a time and see that the checks and verify.py name each (SEED=7)
	@$(SETUP) dev-env translations
	@$(BIN)/python -m tests.tampering $(SEED)

screenshots:  ## Photograph every page: phone, large type, desktop
	@$(SETUP) dev-env pdf browser translations
	@$(BIN)/python -m tests.screenshots

lock:  ## Choose versions anew within pyproject.toml (UPGRADE=1: the newest)
	@$(SETUP) dev-env
	@bash .ci/lock

vendor:  ## Fetch the vendored front end again and compare its sums
	@$(PYTHON) .ci/vendor.py $(MANIFESTS)

migration:  ## Write the next database revision: MESSAGE="add coins" (INITIAL=1: the first anew)
	@$(SETUP) dev-env
	@$(BIN)/flask --app wsgi make-migration $(if $(INITIAL),--initial) "$(or $(MESSAGE),first schema)"
	@$(BIN)/ruff format --quiet --config format.skip-magic-trailing-comma=true community/migrations

verify.py:  ## Put the one-file verifier together from its rules
	@$(PYTHON) .ci/verifier.py

seal.html:  ## Put the offline sealing page together from its modules
	@$(PYTHON) .ci/sealing_page.py

translations:  ## Compile the translations that changed
	@$(SETUP) env translations

clean:  ## Remove caches, compiled translations and .venv; data in instance/ stays
	@rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find community tests benchmarks static .ci -name __pycache__ -prune -exec rm -rf {} +
	@find community -name '*.mo' -delete
