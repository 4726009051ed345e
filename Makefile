# Common tasks. `make help` lists them.

BUILD := swift build -c release -j $(or $(DPAIS_BUILD_JOBS),2)
BIN    = .build/release

.PHONY: help setup build run man test test-unit test-end-to-end soak bench lint format clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

setup: ## get and build the native engines (once for this machine; later calls do nothing)
	@Scripts/setup

build: setup ## set up and build
	@$(BUILD) --product dpais
	@$(BUILD) --product dpais-llama-runner
	@$(BUILD) --product dpais-openvino-runner
	@$(BUILD) --product dpais-whisper-runner

run: build ## set up, build, install the default model, serve, and show a first answer
	@Scripts/run

man: build ## write the manual pages into .build/man
	@$(BIN)/dpais manual --install .build/man/man1

test: setup ## set up and run every test
	@Scripts/test all

test-unit: setup ## the tests of the modules, in Swift
	@Scripts/test unit

test-end-to-end: build ## real server, real model, real clients
	@Scripts/test end-to-end

soak: setup ## every test, with all rounds of random input and the long runs (hours)
	@DPAIS_SOAK=1 Scripts/test all

bench: build ## time, memory and statistics; measure against llama.cpp's own server (builds it once, some 6 minutes)
	@Benchmarks/run

lint: ## check the layout of the code
	@Scripts/lint

format: ## set the layout of the code
	@swift format --in-place --parallel --recursive Package.swift Sources Tests

clean: ## forget what this checkout built; the engines stay in the user's cache
	@swift package clean
