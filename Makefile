# Everything that people and CI do with this project. `make` alone lists the commands.

.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

# An environment that the caller's shell has activated must not leak into the project's own.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
# Tests start the service some hundred times. Without byte code each start would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin

# The first Python that runs, is recent enough and can make an environment. `make run PYTHON=...` uses another.
FIT := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON = $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c '$(FIT)' >/dev/null 2>&1 && { echo "$$python"; break; }; done)

# Extra arguments of pytest, as in `make test ARGS='-k refund -x'`.
ARGS =

.PHONY: help
help: ## List the commands
	@echo "Recourse decides cancellations, returns, exchanges and refunds."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "Needs Python 3.11 or later. Start with: make run"

.PHONY: run
run: $(VENV)/.runtime ## Serve the demo on http://localhost:8000 (RECOURSE_PORT for another port)
	@exec $(BIN)/recourse demo

.PHONY: test
test: check ## Check the code, then run every test except the soak
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

.PHONY: soak
soak: $(VENV)/.development ## Run long random histories, kills, races, restores and jumps of the clock (an hour)
	@$(BIN)/python -m pytest -n auto -m soak $(ARGS)

.PHONY: mutants
mutants: $(VENV)/.development ## Change the engine's guards, amounts and ledger, and list what no test notices (hours)
	@$(BIN)/mutmut run $(ARGS)
	@$(BIN)/python -m tests.mutants

.PHONY: check
check: $(VENV)/.development ## Lint, check types and import rules; change nothing
	@echo "==> ruff" && $(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet . \
		|| { echo "error: see above; 'make fmt' fixes most of it" >&2; exit 1; }
	@echo "==> mypy" && $(BIN)/mypy --no-error-summary
	@echo "==> import-linter" && $(BIN)/lint-imports --no-logo >$(VENV)/import-linter.log 2>&1 \
		|| { cat $(VENV)/import-linter.log; exit 1; }

.PHONY: fmt
fmt: $(VENV)/.development ## Format the code and fix what can be fixed
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

.PHONY: bench
bench: $(VENV)/.development ## Measure throughput and latency on a durable PostgreSQL
	@$(BIN)/python -m tests.bench.imports
	@$(BIN)/python -m tests.bench.engine
	@$(BIN)/python -m tests.bench.request
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.flood
	@$(BIN)/python -m tests.bench.limits

.PHONY: bench-imports
bench-imports: $(VENV)/.development ## Measure the imports of the service and of its command line (seconds)
	@$(BIN)/python -m tests.bench.imports

.PHONY: bench-engine
bench-engine: $(VENV)/.development ## Measure the engine alone, next to two state machines (seconds)
	@$(BIN)/python -m tests.bench.engine

.PHONY: bench-flood
bench-flood: $(VENV)/.development ## Measure the shop's API beside floods of invented links and look-ups (minutes)
	@$(BIN)/python -m tests.bench.flood $(ARGS)

.PHONY: bench-limits
bench-limits: $(VENV)/.development ## Measure other keys while one key floods the API above its limit (minutes)
	@$(BIN)/python -m tests.bench.limits $(ARGS)

.PHONY: bench-deliveries
bench-deliveries: $(VENV)/.development ## Measure webhooks a second next to a bare loop, on a backlog
	@$(BIN)/python -m tests.bench.deliveries $(ARGS)

.PHONY: docs
docs: $(VENV)/.development ## Write the diagrams, the tables and the examples from the code
	@$(BIN)/python -m tests.docs --write

.PHONY: changes
changes: $(VENV)/.development ## Show the changes of the next release
	@$(BIN)/python -m tests.changes

.PHONY: wheel
wheel: $(VENV)/.runtime ## Build dist/recourse-....whl, which pip can install anywhere
	@$(BIN)/python -m pip wheel -qq --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

.PHONY: clients
clients: $(VENV)/.runtime ## Build the Python and the TypeScript client into build/clients (needs npm)
	@$(BIN)/python -m docs.clients.builder

# UPGRADE=--upgrade takes newer releases. Without it the present pins stay where they still fit.
UPGRADE =
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

.PHONY: lock
lock: ## Pin and hash the dependencies (needs uv and npm; UPGRADE=--upgrade for newer releases)
	@command -v uv >/dev/null || { echo "error: install uv first, with pip or your package manager" >&2; exit 1; }
	$(COMPILE) --all-extras pyproject.toml --group build --output-file requirements.txt
	$(COMPILE) --all-extras pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt
	$(COMPILE) docs/clients/python/generator/requirements.in --output-file docs/clients/python/generator/requirements.txt
	$(COMPILE) --all-extras docs/clients/python/pyproject.toml --output-file docs/clients/python/requirements.txt
	cd docs/clients/typescript && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved
	cd tests/linters && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved
	cd tests/browser && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

.PHONY: clean
clean: ## Delete the environment, the caches and the demo's database
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache mutants
	rm -f recourse.db recourse.db-shm recourse.db-wal
	rm -rf recourse-files
	find app docs migrations tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp file means that a lock file is installed. The development lock includes the runtime lock.
$(VENV)/.runtime: requirements.txt pyproject.toml
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/.development: requirements-dev.txt pyproject.toml
	@$(call install,requirements-dev.txt)
	@touch $(VENV)/.runtime $@

# An environment without a working pip or with an old Python is replaced.
define install
	if ! $(BIN)/python -c 'import pip; $(FIT)' >/dev/null 2>&1; then \
		if [ -z "$(PYTHON)" ]; then \
			echo "error: no Python 3.11 or later with its venv module was found." >&2; \
			echo "Install one (on Debian or Ubuntu: apt install python3 python3-venv)," >&2; \
			echo "or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
			exit 1; \
		fi; \
		echo "==> Making $(VENV) with $$($(PYTHON) --version)"; \
		$(PYTHON) -m venv --clear $(VENV) || exit 1; \
	fi; \
	echo "==> Installing $$(grep -c == $(1)) pinned packages from $(1) (half a minute or so the first time)"; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $(1) \
		&& $(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e . \
		|| { echo "error: pip could not install $(1); see above, then run make again" >&2; exit 1; }
endef
