# Causeway's table of contents. `make help` prints the targets.
SHELL := /bin/bash
export SWIFT_DETERMINISTIC_HASHING := 1
# A debug build for all but C: BoringSSL without optimization hashes passwords ten times as slowly.
# Lines are enough for backtraces; for a debugger that shows variables: make test DEBUG='-Xcc -O2'.
DEBUG := -Xcc -O2 -Xswiftc -gline-tables-only
# So many tests at once: all of them at once starve each other, until something that waits for an answer gives up.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH := 8

.PHONY: help demo run build install build-tests test test-postgresql test-quick test-clients check screenshots bench bench-large bench-pages bench-peer bench-postgresql format clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## From nothing to a synced (emulated) tenant and a running server
	swift build $(DEBUG) --product causeway
	.build/debug/causeway demo $(DEMO_FLAGS)

run: build ## Run the server on this user's own data
	.build/release/causeway serve

build: setup ## Build the release program: .build/release/causeway
	swift build -c release --product causeway

PREFIX := /usr/local
SHARE := $(DESTDIR)$(PREFIX)/share

install: build ## Install the program, its manual page and completions below PREFIX=/usr/local
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/causeway $(SHARE)/man/man1 \
	    $(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	rm -rf $(DESTDIR)$(PREFIX)/lib/causeway/Causeway_*.resources
	cp -R --remove-destination .build/release/causeway .build/release/causeway-sandbox .build/release/Causeway_*.resources \
	    $(DESTDIR)$(PREFIX)/lib/causeway/
	ln -sf ../lib/causeway/causeway $(DESTDIR)$(PREFIX)/bin/causeway
	.build/release/causeway manual > $(SHARE)/man/man1/causeway.1
	.build/release/causeway completion bash > $(SHARE)/bash-completion/completions/causeway
	.build/release/causeway completion zsh > $(SHARE)/zsh/site-functions/_causeway
	.build/release/causeway completion fish > $(SHARE)/fish/vendor_completions.d/causeway.fish

build-tests: setup-tests ## Build everything that the tests need, for `swift test --skip-build`
	swift build $(DEBUG) --build-tests --explicit-target-dependency-import-check error

test: build-tests ## Build everything and run every test, and those that use a database on PostgreSQL too
	TIMEFORMAT='All tests, with SQLite: %lR.'; time scripts/run-tests 50m
	$(ON_POSTGRESQL)

test-postgresql: build-tests ## Build everything and run the tests with a database on PostgreSQL
	$(ON_POSTGRESQL)

# What uses a database, without the pages, which add no SQL of their own.
DATABASE := CausewayStoreTests CausewayProvisioningTests CausewayImportTests CausewayAPITests EndToEndTests
ON_POSTGRESQL = TIMEFORMAT='The tests with a database on PostgreSQL: %lR.'; time scripts/with-postgresql \
    scripts/run-tests 30m $(foreach name,$(DATABASE),--filter '(^|\.)$(name)[./]')

# Pure decisions, the program's parts and documents: no database, tenant, server or browser. Whole targets, then single suites.
QUICK := CausewayJSONTests CausewayNetworkTests CausewayModelTests CausewayGraphTypesTests ProgramTests EqualityTests GroupKindTests \
    PlanExportTests PacingTests BatchQueueTests RequestStateMachineTests GraphClientTests GraphFailureTests UnexpectedAnswerTests RouterTests \
    TextTests DocumentTests PasswordRuleTests ApprovalEligibilityTests \
    AttributeDifferenceTests UserPlanTests GroupCreationOrderTests MembershipPlanTests DeprovisioningPlanTests GuardTests \
    MatchRulesTests ProcessIdentityTests BenchTests

test-quick: build-tests ## Build everything and run the tests that take less than a minute together
	scripts/run-tests 5m $(foreach name,$(QUICK),--filter '(^|\.)$(name)[./]')

test-clients: build-tests ## Run large programs of others against the emulated tenant: the Azure CLI, Ansible's collection
	CAUSEWAY_TEST_CLIENTS=1 scripts/run-tests 60m --filter 'AzureCLITests|AnsibleCollectionTests'

check: format-check test ## What CI runs: format, layering, tests

screenshots: build-tests ## Make pictures of all pages in .build/screenshots, and renew those in docs/screenshots
	rm -rf .build/screenshots && mkdir -p .build/screenshots
	CAUSEWAY_SCREENSHOTS=$(CURDIR)/.build/screenshots swift test --skip-build --filter WalkTests
	cd docs/screenshots && for picture in *.png; do cp ../../.build/screenshots/$$picture .; done

# What results are called in `causeway-bench compare`.
LABEL = $(shell git describe --always --dirty 2>/dev/null)
BENCH = .build/release/causeway-bench

bench: build ## Measure, and print each figure next to its target; less than 20 minutes
	swift build -c release --product causeway-bench
	$(BENCH) figures --json .build/bench/figures.json --label '$(LABEL)'
	$(BENCH) growth --sizes 1000,10000 --json .build/bench/growth-small.json --svg .build/bench/growth-small.svg --label '$(LABEL)'

bench-large: build ## Measure how costs grow up to 300,000 users, and draw it: .build/bench/growth.json and .svg
	swift build -c release --product causeway-bench
	$(BENCH) growth --json .build/bench/growth.json --svg .build/bench/growth.svg --label '$(LABEL)'

bench-pages: build setup-tests ## Measure how soon a browser shows the first pages, next to the target
	.build/python/bin/python scripts/bench-pages .build/release/causeway

bench-peer: build ## Compare with a script on Microsoft's SDK, and with authentik's requests
	scripts/bench-peer .build/release/causeway

bench-postgresql: build setup-tests ## Measure PostgreSQL next to SQLite, and two nodes next to one, next to the targets
	swift build -c release --product causeway-bench
	scripts/bench-postgresql .build/release/causeway-bench

format: ## Format the sources
	scripts/format-documents
	swift format --in-place --recursive --parallel Package.swift Plugins Sources Tests

clean: ## Remove what was built
	rm -rf .build

.PHONY: setup setup-tests format-check

# What the system must have in addition to the Swift toolchain; installed if it is missing and permitted.
setup:
	@scripts/setup

setup-tests:
	@scripts/setup tests

format-check:
	scripts/format-documents --check
	swift format lint --strict --recursive --parallel Package.swift Plugins Sources Tests
