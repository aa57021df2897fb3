# Causeway's table of contents. `make help` prints the targets.
SHELL := /bin/bash
export SWIFT_DETERMINISTIC_HASHING := 1

.PHONY: help test check format clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: ## Build everything and run every test
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build

check: format-check test ## What CI runs: format, layering, tests

.PHONY: format-check
format-check:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

format: ## Rewrite the sources in the one format
	swift format --in-place --recursive --parallel Package.swift Sources Tests

clean: ## Remove what was built
	rm -rf .build
