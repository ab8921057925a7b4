# Everything a contributor runs. It needs Go and make; e2e needs tmux and chromium as well.
# Tools are pinned in .ci/tools/go.mod and built by Go when first used.

.DEFAULT_GOAL := help
.PHONY: help run build test lint bench bench-live e2e demo generate pictures testbed scenarios new-rule release cross

# A go.work around the checkout would mix the pinned module graphs.
export GOWORK := off

# Arguments for the program: make run ARGS='--context staging'.
ARGS ?=
# What test and bench look at.
PACKAGES ?= ./...
# The first run compiles a Kubernetes API server beside the tests.
TIMEOUT ?= 30m
# Which benchmarks run, and how often: benchstat wants six samples.
BENCH ?= .
COUNT ?= 6
# How many pods the servers of bench-live have, and how often each program runs.
SIZES ?= 10000,30000,100000,150000
RUNS ?= 3
# Which scenarios of triage are recorded; empty means all of them.
NAMES ?=
# A folder of real manifests to load in e2e, laid out as its INDEX.tsv says; empty
# leaves it at the demo's shop.
CORPORA ?= $(wildcard $(CURDIR)/../shared/corpora)

TOOLS := $(CURDIR)/.ci/tools/go.mod
TOOL := go tool -modfile='$(TOOLS)'
TESTBED := go run -C kube/testbed .
GOTESTSUM := $(TOOL) gotestsum --format pkgname --format-hide-empty-pkg --
# What is released, as GOOS/GOARCH, and where it goes.
TARGETS ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
RELEASE ?= bin/release
# Which other systems cross builds for.
CROSS ?= darwin/arm64 windows/amd64
# How large a released program may be, in MB.
LARGEST := 70

# Git refuses a checkout that belongs to somebody else; the build then goes
# without a revision instead of failing.
VCS := $(shell git rev-parse HEAD >/dev/null 2>&1 && echo auto || echo false)

help: ## Say what can be made
	@awk 'BEGIN { FS = ":.*## " } /^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build the program and start it (ARGS='…')
	@./bin/seaworthy $(ARGS)

build: ## Build bin/seaworthy
	@go build -buildvcs=$(VCS) -o bin/seaworthy ./cmd/seaworthy

demo: build ## Start the program on the built-in demo, without a cluster
	@./bin/seaworthy demo $(ARGS)

test: ## Run every test, against a real API server where one is needed (PACKAGES=…)
	$(TESTBED) build etcd kube-apiserver
	$(GOTESTSUM) -timeout $(TIMEOUT) $(PACKAGES)
	cd kube/testbed && $(GOTESTSUM) -timeout $(TIMEOUT) ./...

e2e: ## Drive the program in a terminal against a whole control plane, its report in a browser (needs tmux, chromium)
	@for program in tmux chromium; do command -v $$program >/dev/null || { echo "make e2e: $$program is not installed, and the end-to-end tests drive it" >&2; exit 1; }; done
	$(TESTBED) build all
	SEAWORTHY_CORPORA='$(CORPORA)' $(GOTESTSUM) -tags e2e -count 1 -timeout $(TIMEOUT) -run '^TestEndToEnd' ./cmd/seaworthy/... ./audit/report

lint: ## Check style, names, comments and import direction
	$(TOOL) golangci-lint run
	cd kube/testbed && $(TOOL) golangci-lint run

bench: ## Run the benchmarks and compare them with the last run (BENCH=… COUNT=… PACKAGES=…)
	@mkdir -p bin
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) -timeout 2h $(PACKAGES) >bin/bench.part || { cat bin/bench.part; exit 1; }
	@if [ -f bin/bench.txt ]; then mv bin/bench.txt bin/bench.old.txt; fi
	@mv bin/bench.part bin/bench.txt
	@if [ -f bin/bench.old.txt ]; then $(TOOL) benchstat bin/bench.old.txt bin/bench.txt; else cat bin/bench.txt; fi
	$(MAKE) bench-live

bench-live: ## Measure the whole program against real API servers, into the README (SIZES=… RUNS=…)
	$(TESTBED) build etcd kube-apiserver
	go run ./cmd/internal/bench -sizes '$(SIZES)' -runs $(RUNS) -readme README.md

generate: ## Write again what is generated: lists of rules and their documentation
	go generate ./...

pictures: ## Draw the pictures of the README from the real screen
	go generate ./cmd/internal/picture

testbed: ## Run a whole control plane with three nodes and metrics, until interrupted
	$(TESTBED) build all
	$(TESTBED) up -controllers -nodes 3 -metrics

scenarios: ## Record again how clusters break, for the tests of triage (NAMES=…)
	$(TESTBED) build all
	go run ./cmd/internal/recordscenarios $(NAMES)

release: ## Build what is released, with what it is made of and checksums (TARGETS=…)
	@rm -rf '$(RELEASE)' && mkdir -p '$(RELEASE)'
	@set -e; for target in $(TARGETS); do \
		os=$${target%/*} arch=$${target#*/} suffix=; \
		if [ $$os = windows ]; then suffix=.exe; fi; \
		program='$(RELEASE)'/seaworthy_$${os}_$$arch; \
		CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch go build -trimpath -buildvcs=$(VCS) -ldflags '-s -w' -o $$program$$suffix ./cmd/seaworthy; \
		go run ./cmd/internal/sbom $$program$$suffix $$program.cdx.json; \
		size=$$(wc -c <$$program$$suffix); \
		echo "$$program$$suffix: $$((size / 1000000)) MB"; \
		if [ $$size -gt $$(($(LARGEST) * 1000000)) ]; then echo "make release: that is more than $(LARGEST) MB" >&2; exit 1; fi; \
	done
	@cd '$(RELEASE)' && sha256sum * >checksums.txt

cross: ## See that the program builds for other systems (CROSS=…)
	$(foreach target,$(CROSS),CGO_ENABLED=0 GOOS=$(word 1,$(subst /, ,$(target))) GOARCH=$(word 2,$(subst /, ,$(target))) go build -buildvcs=$(VCS) -o /dev/null ./cmd/seaworthy &&) true

new-rule: ## Start a new rule (ID=… CATEGORY=…)
	@test -n '$(ID)' && test -n '$(CATEGORY)' || { echo 'usage: make new-rule ID=run-as-non-root CATEGORY=security-context' >&2; exit 2; }
	go run ./audit/rules/internal/scaffold -id '$(ID)' -category '$(CATEGORY)'
