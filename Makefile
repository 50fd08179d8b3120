.DEFAULT_GOAL := help
.PHONY: help run test quick coverage setup setup-dev shell lint evaluate benchmark screenshots requirements faults load times \
	cluster audit
SALDO := .venv/bin/saldo
export RASA_TELEMETRY_ENABLED := false

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## Set everything up, start the bot and print the address of its page
	@$(SALDO) train && $(SALDO) billing sample && $(SALDO) serve --demo

# each file by one worker, in order, the browser's last; half of the time they wait, so two cores have three
WORKERS := -n 3 --dist loadfile --no-loadscope-reorder

test: setup-dev ## Set everything up and run all tests (ARGS="-k identity" for some)
	@echo "Running the tests …" && .venv/bin/python -m pytest $(or $(ARGS),$(WORKERS)) $(MORE)

faults: setup-dev ## Cause every fault that is tested for, and write docs/faults.md
	@.venv/bin/python -m pytest $(WORKERS) -m fault --fault-table docs/faults.md

load: setup-dev ## Many conversations at once, and what became of each turn: docs/load.md (an hour; ARGS=--short)
	@$(SALDO) train && .venv/bin/python -m benchmarks.load --write docs/load.md $(ARGS)

# the pure rooms: no Rasa, no browser, no server
PURE := tests/billing/rules $(addprefix tests/billing/test_,account_state.py explanation.py golden.py model.py period.py) tests/faq \
	tests/conversation/test_turn.py tests/nlu/test_query.py $(addprefix tests/mail/test_,quotes.py signatures.py) $(addprefix tests/test_,answer.py \
	content_language.py errors.py formats.py identity.py language.py plain_text.py provenance.py settings.py timeline.py \
	yaml_files.py)

quick: setup-dev ## The fast tests: rules, content, wording (half a minute)
	@.venv/bin/python -m pytest -n 2 --dist loadfile $(FLOOR) $(PURE)

# lines of those rooms that their tests must reach
coverage: FLOOR := $(addprefix --cov=saldo/,answers billing/rules faq) --cov-report= --cov-fail-under=95
coverage: quick ## The same, and whether they reach 95 of 100 lines

setup: ## Only set up: environment and packages
	@scripts/setup requirements.txt

setup-dev:
	@scripts/setup requirements-dev.txt

shell: setup ## A conversation in the terminal
	@$(SALDO) train && $(SALDO) billing sample && $(SALDO) shell

lint: setup-dev ## Style and types
	@echo "Checking style and types …"
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

evaluate: setup ## How well questions, messages and conversations are understood
	@$(SALDO) train && $(SALDO) evaluate tests/questions && $(SALDO) evaluate --dialogues tests/dialogues

benchmark: setup ## The same examples and questions for stock Rasa (a quarter of an hour)
	@$(SALDO) benchmark

times: setup-dev ## How long a customer waits for the widget, and what it weighs (two minutes)
	@$(SALDO) train && .venv/bin/python -m benchmarks.widget_times

cluster: setup ## Two bot servers, two action servers and nginx on the services found here, until Ctrl-C
	@$(SALDO) train && .venv/bin/python scripts/cluster $(ARGS)

screenshots: setup-dev ## Pictures of the widget's main states, into docs/screenshots
	@$(SALDO) train && $(SALDO) billing sample && .venv/bin/python scripts/screenshots docs/screenshots

COMPILE = $$(command -v uv || echo .venv/bin/uv) pip compile -q --universal --python-version 3.10 --generate-hashes \
	--custom-compile-command "make requirements" pyproject.toml

requirements: ## Compile the pinned requirements anew from pyproject.toml
	@[ -x .venv/bin/uv ] || scripts/setup requirements-dev.txt
	@$(COMPILE) -o requirements.txt
	@$(COMPILE) --extra dev -c requirements.txt -o requirements-dev.txt

audit: ## Known advisories of the pinned packages (needs the network; its own environment)
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && .venv/bin/python -m venv "$$dir" && "$$dir/bin/python" -m pip install -q pip-audit \
		&& "$$dir/bin/pip-audit" --no-deps --disable-pip -r requirements.txt
