# Two commands for a newcomer: `make run` and `make test`. Both make their own environment.
PYTHON ?= python3
RUN_VENV := .venv-run
DEV_VENV := .venv
BENCH_VENV := .venv-bench
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check bench format lock words clean

run: $(RUN_VENV)/ready ## set up, then run the service on the configuration in config/
	$(RUN_VENV)/bin/aggregator --config config run

test: $(DEV_VENV)/ready check ## set up, then every check and every test
	$(DEV_VENV)/bin/python -m pytest -n auto

check: $(DEV_VENV)/ready ## formatting, lint, types, import contracts
	$(DEV_VENV)/bin/ruff format --check .
	$(DEV_VENV)/bin/ruff check .
	$(DEV_VENV)/bin/mypy
	$(DEV_VENV)/bin/lint-imports

# Parts by name, and other options of the command: `make bench ONLY="poll start" BENCH="--feeds 100 --write"`
bench: $(BENCH_VENV)/ready ## measure against other readers and the floor; see docs/performance.md
	$(BENCH_VENV)/bin/python -m benchmarks $(ONLY) $(BENCH)

format: $(DEV_VENV)/ready ## format the code and mend what a tool can mend
	$(DEV_VENV)/bin/ruff format .
	$(DEV_VENV)/bin/ruff check --fix .

# The lock files carry versions and hashes for every platform, and no address. Each is its own
# constraint where it is installed: otherwise pip takes `coverage[toml]` for another name than the
# pinned `coverage`, and looks for the newest, of which there is no hash.
lock: ## renew the lock files from pyproject.toml
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	    --all-extras --group build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	    --all-extras --group dev pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	    --all-extras --group bench pyproject.toml -o requirements-bench.lock --constraints requirements-dev.lock

LOCALE := aggregator/formats/locale
LANGUAGES := zh_CN

words: $(DEV_VENV)/ready ## bring the catalogues of the interface's words up to date, and compile them
	$(DEV_VENV)/bin/pybabel -q extract -F pyproject.toml --no-location --sort-output --omit-header -o $(LOCALE)/words.pot aggregator
	for language in $(LANGUAGES); do \
	    $(DEV_VENV)/bin/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100 \
	        -D aggregator -i $(LOCALE)/words.pot -d $(LOCALE) -l $$language; done
	rm $(LOCALE)/words.pot
	$(DEV_VENV)/bin/pybabel -q compile -D aggregator -d $(LOCALE)

$(RUN_VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(RUN_VENV)
	$(RUN_VENV)/bin/python -m pip install --quiet --require-hashes -r requirements.lock -c requirements.lock
	$(RUN_VENV)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(DEV_VENV)/ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(DEV_VENV)
	$(DEV_VENV)/bin/python -m pip install --quiet --require-hashes -r requirements-dev.lock -c requirements-dev.lock
	$(DEV_VENV)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(BENCH_VENV)/ready: requirements-bench.lock pyproject.toml
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet --require-hashes -r requirements-bench.lock -c requirements-bench.lock
	$(BENCH_VENV)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

clean: ## remove the environments and every cache
	rm -rf $(RUN_VENV) $(DEV_VENV) $(BENCH_VENV) .bench .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
