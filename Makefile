# `make` lists the targets. Environments are made on first use, and again when their requirements change.
#
# CORE chooses the ansible-core: `newest` (the default), `oldest` or a release such as 2.18. It may be given to every target that tests.
# PYTEST_ARGS is handed to pytest: `make unit PYTEST_ARGS='-k plan -x'`.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

CORE ?= newest
export TREE := $(shell tests/tools/tree)
ifeq ($(TREE),)
$(error tests/tools/tree failed)
endif

# Ansible can't start a module with an interpreter whose path holds a space. In such a checkout the environments lie in the tree.
VENV_NAME := .venv$(if $(filter-out newest,$(CORE)),-$(CORE))
VENV := $(if $(word 2,$(CURDIR)),$(TREE)/)$(VENV_NAME)
VENV_BIN := $(if $(filter /%,$(VENV)),$(VENV),$(CURDIR)/$(VENV))/bin
PIP := $(VENV)/bin/python -m pip install -qq --disable-pip-version-check --constraint $(VENV)/core.txt

# The event source has one beside it. As with $(HERE), its name holds that of the tree.
EDA := $(VENV)-eda/.eda-$(lastword $(subst -, ,$(TREE)))

RESULTS := tests/output/junit
PYTEST = pytest -c pyproject.toml --rootdir . --junit-xml $(RESULTS)/$@-$(CORE).xml

export PATH := $(VENV_BIN):$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(TREE)/link
# Nothing goes to the user's ~/.ansible.
export ANSIBLE_HOME := $(TREE)/ansible
export ANSIBLE_REMOTE_TMP := $(TREE)/ansible/tmp
export ANSIBLE_ASYNC_DIR := $(TREE)/ansible/async

.PHONY: demo round-trip drift-report compatibility-report emulator shell
demo: $(VENV)/.runtime ## Start the emulator, configure it with the collection, show what happens
	@tests/tools/demo

round-trip: $(VENV)/.runtime #+ Export an emulated server to a file, bootstrap another one from it, compare
	@tests/tools/round_trip

drift-report: $(VENV)/.browser #+ Let a fleet of emulated servers drift; the report and a picture of it go to tests/output/drift-report
	@tests/tools/find_chromium --install >/dev/null || true
	@tests/tools/drift_report $(DRIFT_ARGS)

emulator: $(VENV)/.runtime #+ Run the emulator of the Astera server in the foreground
	@astera-emulator $(EMULATOR_ARGS)

# COMPATIBILITY_REPORT_DIR is the folder of the report, COMPATIBILITY_REPORT_ARGS goes to ansible-playbook.
COMPATIBILITY_REPORT_DIR ?= compatibility-report
compatibility-report: $(VENV)/.runtime ## Compare a real server (ASTERA_SERVER_URL ...) with what is assumed of it, reading only; without one, the emulator
	@tests/tools/compatibility_report '$(COMPATIBILITY_REPORT_DIR)' $(COMPATIBILITY_REPORT_ARGS)

shell: $(VENV)/.runtime ## A shell where ansible-playbook, the collection, astera-emulator and astera-ftp are at hand
	@echo 'Leave it with exit.'; PS1='(astera) \w\$$ ' bash --norc -i || true

.PHONY: check test test-oldest generate lint errors format unit properties integration faults fault-matrix browser molecule provision awx awx-jobs image eda eda-figures sanity tarball
.PHONY: test-matrix inclusion importer certify
# The first stage makes the environment that ansible-test needs, the second one what the others need besides. That leaves a core
# free, and ansible-test has environments of its own, so it installs and runs meanwhile. lint uses one core only.
# AWX, image, EDA, provision, browser, docs, molecule and galaxy-importer have commands of their own.
test: ## Everything that a change must pass, with the newest ansible-core; continuous integration adds test-oldest
	@tests/tools/stages $(RESULTS) tarball inclusion + 'sanity SLICE=1' unit 'integration SLICE=1' lint + faults + awx-jobs

test-oldest: #+ What only the oldest ansible-core can show: a slice of integration, sanity, units on each of its Pythons
	@tests/tools/stages $(RESULTS) 'integration CORE=oldest SLICE=1' 'sanity CORE=oldest'

# What a change is held against while it is written: about a minute.
define STATIC
@echo 'ruff'; ruff check --quiet; ruff format --check --quiet
@echo 'mypy'; cd '$(TREE)/link' && mypy --config-file '$(CURDIR)/pyproject.toml' --cache-dir '$(TREE)/mypy' \
		ansible_collections/astera/data_stack/plugins/{module_utils,plugin_utils/{_eda,_harmless.py}}
@echo 'yamllint'; yamllint --strict .
@echo 'check_action_group'; python tests/tools/check_action_group.py
@echo 'module_docs'; python tests/tools/module_docs.py --check
@echo 'role_specs'; python tests/tools/role_specs.py --check
@echo 'compatibility_table'; python tests/tools/compatibility_table.py --check
@echo 'antsibull-docs'; HOME='$(TREE)/home' antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=self .
endef

check: $(VENV)/.lint $(VENV)/.test ## The quick loop: types, layout, generated files, unit tests. K=schedule adds the integration tests of one noun
	$(STATIC)
	@$(PYTEST) -q -n 2 tests/unit $(PYTEST_ARGS)
	@$(if $(K),pytest -c pyproject.toml --rootdir . -q -n 2 --dist loadgroup -m 'not thorough' tests/integration -k '$(K)')

generate: $(VENV)/.lint ## Write what follows from the sources: documentation of fields, specs of the roles, table of assumptions
	@python tests/tools/module_docs.py
	@python tests/tools/role_specs.py
	@python tests/tools/compatibility_table.py

lint: $(VENV)/.lint #+ Static checks of Python, YAML, shell, playbooks, documentation and changelog
	$(STATIC)
	@echo 'shellcheck'; shellcheck $$(grep -lE '^#!.*(bash|/sh)$$' .ci/* tests/tools/*)
	@echo 'reuse'; reuse lint --quiet || reuse lint --lines
	@echo 'antsibull-changelog'; antsibull-changelog lint
	@echo 'ansible-lint'; ansible-lint -q

errors: $(VENV)/.core #+ Print every error and warning as a table, for a review of the words
	@python tests/tools/list_errors.py

format: $(VENV)/.lint ## Rewrite Python files: layout, order of imports, what ruff can fix
	@ruff check --fix --quiet || true; ruff format

# A slice of the properties, the same in each run. What they ask does not depend on ansible-core, so once is enough.
PROPERTIES_SLICE := $(if $(filter newest,$(CORE)),tests/properties)

unit: $(VENV)/.test #+ Unit tests, and a slice of the property tests
	@$(PYTEST) -n 2 tests/unit $(PROPERTIES_SLICE) $(PYTEST_ARGS)

properties: $(VENV)/.test #+ Property tests with fifty times as many examples, at random: long. PROPERTIES_SEED=N repeats a run
	@PROPERTIES=long PROPERTIES_SEED=$${PROPERTIES_SEED:-$$RANDOM$$RANDOM} $(PYTEST) -n 2 tests/properties $(PYTEST_ARGS)

# The emulator's own tests know nothing of ansible-core, so once is enough.
EMULATOR_TESTS := $(if $(filter newest,$(CORE)),tests/emulator/tests)
# Nor do tests that are about the network, the server and our own code. Most tests of the role provision and of the guides run with other commands.
OLDER := $(filter-out newest,$(CORE))
DEPENDING := not own_command$(if $(OLDER), and not any_core)
# SLICE=1 leaves out what takes long and is a variant or a rare case, and with an older ansible-core also what was seen with the newest.
DEPENDING += $(if $(SLICE),and not thorough$(if $(OLDER), and not in_matrix))

integration: $(VENV)/.test #+ Modules, roles and playbooks against the emulator, and the tests of the emulator
	@$(PYTEST) -n 4 --dist loadgroup -m '$(DEPENDING)' tests/scenarios tests/integration $(EMULATOR_TESTS) $(PYTEST_ARGS)

# The result does not depend on the release of ansible-core, so one of them is enough.
faults: $(VENV)/.test #+ A slice of the fault matrix: faults at every request of every module and of the bootstrap
	@$(PYTEST) -n 8 --dist worksteal tests/faults $(PYTEST_ARGS)

# PYTEST_ARGS may choose a part of it: what was tried before stays in tests/output until it is tried again.
fault-matrix: $(VENV)/.test ## Every fault at every request; writes docs/fault-matrix.md: long
	@status=0; FAULT_MATRIX=all $(PYTEST) -n 12 --dist worksteal tests/faults $(PYTEST_ARGS) || status=$$?; \
	PYTHONPATH=tests python -m faults && exit $$status

browser: $(VENV)/.browser #+ Pages in a real Chromium: accessibility, hostile names, no request elsewhere
	@tests/tools/find_chromium --install >/dev/null || true
	@$(PYTEST) tests/browser $(PYTEST_ARGS)

molecule: $(VENV)/.molecule #+ Molecule scenarios of the roles, with the emulator as the platform. MOLECULE_ARGS='-s jobs' for one
	@molecule test $(or $(MOLECULE_ARGS),--all)

# The real collections for Windows are only read: whether their modules take the options that the role gives them.
provision: $(VENV)/.test #+ The role provision with stand-ins for Windows, its example, and its options against the real modules
	@OTHER_COLLECTIONS=$$(tests/tools/other_collections || true) \
	$(PYTEST) -n 2 tests/scenarios/test_provision.py tests/scenarios/test_provision_example.py $(PYTEST_ARGS)

# AWX itself can't be had: a stand-in of its API takes what is registered, and ansible-runner plays the jobs.
awx: $(VENV)/.awx #+ Register the collection in a stand-in of AWX, run its job templates, pack an execution environment
	@PYTHONPATH=tests python -m awx
	@$(PYTEST) -n 2 -m '$(DEPENDING)' tests/awx $(PYTEST_ARGS)

awx-jobs: $(VENV)/.test #+ The job templates alone, under ansible-runner
	@$(PYTEST) -n 2 -m 'not slow and not own_command' tests/awx $(PYTEST_ARGS)

# Status 3 is that of a machine where podman cannot run; the tests are then skipped and say why.
image: $(VENV)/.awx #+ Build a real execution environment with podman, and run jobs in it as AWX, OpenShift and ansible-navigator do
	@tests/tools/image >/dev/null || [[ $$? == 3 ]]
	@$(PYTEST) tests/awx/test_image.py $(PYTEST_ARGS)

# ansible-rulebook needs 120 MB and Java, so it has an environment of its own.
eda: $(EDA) #+ The event source and its rulebooks under a real ansible-rulebook; needs Java 17
	@PATH='$(VENV_BIN:/bin=-eda/bin)':"$$PATH" $(PYTEST) -n 2 tests/eda $(PYTEST_ARGS)

eda-figures: $(EDA) #+ Measure the event source; prints the table of docs/eda.md
	@PATH='$(VENV_BIN:/bin=-eda/bin)':"$$PATH" PYTHONPATH="$$ANSIBLE_COLLECTIONS_PATH:tests" python -m eda.figures

sanity: $(VENV)/.core #+ ansible-test: sanity, and the unit tests on every Python found
	@SLICE=$(SLICE) tests/tools/ansible_test $(VENV) $(RESULTS)

tarball: $(VENV)/.core #+ Build, inspect and install what Galaxy would get
	@tests/tools/check_tarball

test-matrix: #+ ansible-test and integration with every ansible-core that a Python here can run
	@cores=$$(tests/tools/matrix | cut -d ' ' -f 1); \
	stages=(); for core in $$cores; do stages+=("sanity CORE=$$core" "integration CORE=$$core"); done; \
	tests/tools/stages $(RESULTS) "$${stages[@]}"

inclusion: $(VENV)/.certify #+ The rules of inclusion and certification that no other tool checks, and what the release command rejects
	@$(PYTEST) -n 2 -m 'not slow' tests/certify $(PYTEST_ARGS)

# How Automation Hub lints extensions/eda, as certification for Event-Driven Ansible has it; the last two of ruff exclude others.
HUB_RUFF := D100,D104,INP001,FA102,UP001,UP010,I001,FA100,PLR0913,E501,D203,D213
HUB_PYLINT := R0801,E0401,C0103,R0913,R0902,R0903

importer: $(VENV)/.certify #+ galaxy-importer, as Galaxy and Automation Hub run it; fails on whatever it complains about
	@python tests/tools/check_importer.py
	@ruff check --quiet --isolated --select ALL --ignore '$(HUB_RUFF)' extensions/eda
	@pylint --score n --disable '$(HUB_PYLINT)' extensions/eda/plugins

# The first stage makes the environment that the next ones share. What passed is written down for `make release`.
certify: ## All that certification asks for: importer, rules, lint, tarball, release, integration, events, sanity and units with every ansible-core: long
	@state() { git rev-parse HEAD; git status --porcelain; }; before=$$(state); \
	mapfile -t cores < <(sed -n 's/^\([0-9.]*\) .*/\1/p' tests/tools/cores.txt); \
	stages=(inclusion lint + importer + tarball release-test integration eda); \
	for number in "$${!cores[@]}"; do \
		[[ $$((number % 2)) == 0 ]] || stages+=(+); \
		stages+=("sanity CORE=$${cores[number]}"); \
	done; \
	tests/tools/stages $(RESULTS) "$${stages[@]}"; \
	if [[ $$(state) == "$$before" ]]; then printf '%s\n' "$$before" >tests/output/certified; fi

.PHONY: release release-test
release: $(VENV)/.certify ## Check, set VERSION=1.2.3, commit, build, inspect and tag; CHECK=1 only tries. Nothing is pushed
	@python tests/tools/release.py '$(VERSION)' $(if $(CHECK),--check)

release-test: $(VENV)/.certify #+ Releases in throw-away repositories, and galaxy-importer on a spoiled copy
	@$(PYTEST) -n 2 -m slow tests/certify $(PYTEST_ARGS)

.PHONY: docs linkcheck bench build clean help
docs: $(VENV)/.docs ## Build the documentation site, check its links, check it in a real Chromium, follow its guides; prints where it lies
	@tests/tools/find_chromium --install >/dev/null || true
	@tests/tools/build_site
	@$(PYTEST) tests/site tests/browser/test_site.py tests/scenarios/test_guides.py $(PYTEST_ARGS)
	@echo 'The documentation is in $(CURDIR)/docs/site/index.html'

linkcheck: $(VENV)/.docs #+ Ask the network for all that the documentation links to elsewhere
	@tests/tools/build_site --linkcheck

bench: $(VENV)/.bench ## Measure tasks, schedules, uploads, imports and requests; writes docs/benchmark.md
	@PYTHONPATH=tests python -m bench $(BENCH_ARGS)

build: $(VENV)/.core #+ Build the tarball for Galaxy in the current folder, from what is committed
	@tests/tools/build_tarball .

clean: ## Remove environments, caches, results and the work folder outside of the checkout
	@tests/tools/image --remove
	@cd '$(TREE)' && rm -rf ansible copy* home* link mypy others site .venv .venv-*
	@rmdir '$(TREE)' 2>/dev/null || true
	@rm -rf .venv .venv-* .ansible collections docs/site tests/output
	@find . -name .git -prune -o \( -name __pycache__ -o -name '.*_cache' -o -name .hypothesis -o -name '*.egg-info' \) -prune -exec rm -rf {} +

help: #+ This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-21s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@printf '\nStages of these, and variants\n\n'
	@awk -F ':.*#[+] ' '/^[a-z-]+:.*#[+] / { printf "  make %-21s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

##### Environments. Each target stands for one layer; a demo needs the first two only.

# Scripts in an environment hold its path, so a checkout that was moved needs a new one: its tree, and with it this name, is another.
HERE := $(VENV)/.core-$(lastword $(subst -, ,$(TREE)))
$(HERE): tests/tools/make_venv tests/tools/cores.txt
	@tests/tools/make_venv $(VENV) $(CORE)
	@touch $@

$(VENV)/.core: $(HERE)
	@touch $@

$(VENV)/.runtime: $(VENV)/.core requirements.txt $(wildcard tests/emulator/pyproject.toml)
	@echo 'Installing the emulator'
	@$(PIP) -r requirements.txt -e ./tests/emulator
	@touch $@

$(VENV)/.test: $(VENV)/.runtime tests/requirements/test.txt tests/unit/requirements.txt
	@echo 'Installing what the tests need'
	@$(PIP) -r tests/requirements/test.txt -r tests/unit/requirements.txt
	@touch $@

$(VENV)/.awx: $(VENV)/.test tests/requirements/awx.txt
	@echo 'Installing what packs and starts execution environments'
	@$(PIP) -r tests/requirements/awx.txt
	@touch $@

$(EDA): tests/tools/make_venv tests/tools/cores.txt requirements.txt tests/requirements/eda.txt tests/requirements/test.txt
	@tests/tools/make_venv $(VENV)-eda $(CORE)
	@echo 'Installing ansible-rulebook'
	@$(VENV)-eda/bin/python -m pip install -qq --disable-pip-version-check \
		-r requirements.txt -r tests/requirements/eda.txt -e ./tests/emulator
	@touch $@

$(VENV)/.lint: $(VENV)/.core tests/requirements/lint.txt tests/requirements/docs.txt
	@echo 'Installing what the static checks need'
	@$(PIP) -r tests/requirements/lint.txt
	@touch $@

$(VENV)/.certify: $(VENV)/.lint $(VENV)/.test tests/requirements/certify.txt
	@echo 'Installing galaxy-importer'
	@$(PIP) -r tests/requirements/certify.txt
	@touch $@

$(VENV)/.browser: $(VENV)/.test tests/requirements/browser.txt
	@echo 'Installing what drives a browser'
	@$(PIP) -r tests/requirements/browser.txt
	@touch $@

$(VENV)/.molecule: $(VENV)/.runtime tests/requirements/molecule.txt
	@echo 'Installing Molecule'
	@$(PIP) -r tests/requirements/molecule.txt
	@touch $@

$(VENV)/.docs: $(VENV)/.browser tests/requirements/site.txt tests/requirements/docs.txt
	@echo 'Installing what builds the documentation site'
	@$(PIP) -r tests/requirements/site.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.runtime tests/requirements/bench.txt
	@echo 'Installing what the benchmark needs'
	@$(PIP) -r tests/requirements/bench.txt
	@touch $@
