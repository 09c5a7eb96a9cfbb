# Podium. `make help` lists what there is to type.
SHELL := /bin/bash
BUILD := swift build -c release --static-swift-stdlib
PODIUM := .build/release/podium
FOLDERS := Sources bronze silver gold datagen Tests Examples Package.swift

.PHONY: help setup build test test-s3 test-cluster fuzz nightly lint format docs demo demo-s3 bench bench-cluster clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## Install packages, libduckdb and drivers that are missing
	@scripts/setup.sh

build: setup ## Build the release program, .build/release/podium
	@$(BUILD) --product podium

test: build ## Run all tests, set-up included
	@scripts/test-env.sh
	@scripts/test.sh
	@.venv/bin/python Tests/Scripts/readme.py $(PODIUM) README.md docs/delta-tables.md \
	  docs/refreshing.md docs/quality.md docs/operations.md docs/looking-after-a-lake.md \
	  docs/forgetting.md docs/lineage.md docs/questions.md docs/bringing-data.md
	@scripts/docs.sh --check
	@.venv/bin/python Tests/Scripts/outside_readers.py $(PODIUM)
	@.venv/bin/python Tests/Python/independent_money.py $(PODIUM)
	@.venv/bin/python Tests/Python/independent_training.py $(PODIUM)

test-s3: setup ## Run the tests of runs and upkeep with all lakes in a bucket
	@scripts/test-env.sh
	@scripts/test-s3.sh

test-cluster: build ## Compare Sail's tables with DuckDB's, and kill the server
	@scripts/test-env.sh
	@[ -z "$$SPARK" ] || scripts/bench-env.sh
	@scripts/test-cluster.sh $(PODIUM)

fuzz: setup ## Read a million damaged tables, ten times those of the tests
	@PODIUM_FUZZ=10 scripts/test.sh --filter Fuzz

nightly: build ## Run all tests at length: more seeds, kills and bytes
	@scripts/test-env.sh
	@PODIUM_NIGHTLY=1 PODIUM_SEEDS=$${PODIUM_SEEDS:-x10} scripts/test.sh
	@$(MAKE) fuzz
	@$(MAKE) test-s3

lint: ## Check the format of all Swift sources
	@swift format lint --strict --recursive --parallel $(FOLDERS)

format: ## Format all Swift sources
	@swift format --in-place --recursive --parallel $(FOLDERS)

docs: build ## Write docs/reference anew from the declarations
	@scripts/docs.sh

demo: build ## Make a gym, take it through all layers, and ask gold
	@scripts/demo.sh

demo-s3: build ## Make a gym in a bucket of a local server, and ask gold
	@scripts/test-env.sh
	@scripts/demo-s3.sh

bench: build ## Measure speed against peers in the same run
	@scripts/test-env.sh
	@$(BUILD) --product gym-bench
	@$(BUILD) --product delta-bench
	@.venv/bin/python Benchmarks/bench.py
	@.venv/bin/python Benchmarks/delta_bench.py
	@.venv/bin/python Benchmarks/incremental_bench.py
	@.venv/bin/python Benchmarks/questions_bench.py
	@scripts/bench-env.sh
	@.bench-venv/bin/python Benchmarks/peers_bench.py

bench-cluster: build ## Measure what Podium adds to a server's own work
	@scripts/test-env.sh
	@.venv/bin/python Benchmarks/cluster_bench.py

clean: ## Remove what was built, and the demo's lake
	@rm -rf .build .venv .bench-venv demo-lake
