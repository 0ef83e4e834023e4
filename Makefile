# Needs Python 3.11 or newer and make; the rest is installed into .venv and node_modules.
.DEFAULT_GOAL := help
.PHONY: help demo run test check bench install assets format lock texts clean

BIN := .venv/bin
BUILT := concerns/static/built/manifest.json
WORDS := concerns/static/js/sealing/words.generated.js
SOURCES := $(wildcard concerns/static/css/*.scss concerns/static/js/*.js concerns/static/js/*/*.js) $(WORDS) concerns/static/icon.svg scripts/build_assets.mjs
JUDGE := tests/observatory/node_modules/.installed
TRANSLATIONS := concerns/pages/translations
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard $(TRANSLATIONS)/*/LC_MESSAGES/*.po))
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

help: ## this list
	@awk -F ': .*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: install ## set everything up and serve an invented organisation on this machine (options: ARGS="--sector school")
	@exec $(BIN)/concerns demo $(ARGS)

run: install ## serve the instance in ./instance; an empty one is set up in the browser
	@exec $(BIN)/concerns run $(ARGS)

test: check $(JUDGE) ## set everything up and run every test
	@scripts/browser_and_database.sh
	$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

check: .venv/developer install ## format, lint, types, import contracts
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo >.venv/imports.log || { cat .venv/imports.log; exit 1; }

bench: .venv/developer install ## measure
	$(BIN)/pytest -m bench -s -q $(ARGS)

install: .venv/installed $(BUILT) $(CATALOGUES) ## leave .venv/bin/concerns and built style sheets and scripts

assets: $(BUILT) ## build style sheets and scripts

format: .venv/developer ## format the code and mend what can be mended by itself
	$(BIN)/ruff format --quiet
	$(BIN)/ruff check --fix --quiet

lock: .venv/made ## resolve the newest versions that pyproject.toml and package.json allow
	$(BIN)/$(COMPILE) --upgrade pyproject.toml --group build -o requirements/runtime.txt
	$(BIN)/$(COMPILE) --upgrade pyproject.toml --group build --group dev -o requirements/dev.txt
	$(BIN)/$(COMPILE) --upgrade --group node -o requirements/node.txt
	$(BIN)/$(COMPILE) --upgrade --group uv -o requirements/uv.txt
	scripts/node.sh npm update --package-lock-only --silent
	scripts/node.sh npm update --package-lock-only --silent --prefix tests/observatory
	$(BIN)/python scripts/tidy_npm_lock.py

texts: .venv/installed ## collect the texts to translate and bring the catalogues up to date
	$(BIN)/pybabel --quiet extract --mapping-file $(TRANSLATIONS)/babel.cfg --keywords lazy_gettext --no-location --sort-output --width 120 --output-file $(TRANSLATIONS)/messages.pot concerns templates
	@for catalogue in $(CATALOGUES:.mo=.po); do \
		$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --width 120 --input-file $(TRANSLATIONS)/messages.pot --output-file $$catalogue --locale $$(basename $$(dirname $$(dirname $$catalogue))); \
	done

clean: ## remove everything that make made
	rm -rf .venv node_modules tests/observatory/node_modules concerns/static/built dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -f $(CATALOGUES) $(WORDS)

.venv/made: requirements/uv.txt scripts/venv.sh
	@scripts/venv.sh
	@touch $@

.venv/installed: .venv/made requirements/runtime.txt pyproject.toml
	@echo "Installing …"
	@scripts/pip.sh requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.venv/developer: .venv/made requirements/dev.txt
	@echo "Installing what the tests need …"
	@scripts/pip.sh requirements/dev.txt
	@touch $@

node_modules/.installed: package-lock.json .npmrc .venv/made
	@scripts/node.sh npm ci --silent
	@touch $@

$(JUDGE): tests/observatory/package-lock.json tests/observatory/.npmrc .venv/made
	@echo "Installing what judges our headers …"
	@scripts/node.sh npm ci --silent --prefix tests/observatory
	@touch $@

$(WORDS): scripts/word_list.py concerns/sealing/receipt.py .venv/installed
	@$(BIN)/python scripts/word_list.py

$(BUILT): node_modules/.installed $(SOURCES)
	@echo "Building style sheets and scripts …"
	@scripts/node.sh node scripts/build_assets.mjs

%.mo: %.po | .venv/installed
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
