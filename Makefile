# Facekeep. "make help" lists the targets; the two that matter are run and test.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VERSION    ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
BUILD_TIME ?= $(shell git log -1 --format=%cI 2>/dev/null)
APP        := github.com/facekeep/facekeep/cmd/internal/app
TAGS       := nomsgpack # nothing here speaks msgpack, whose codec is a tenth of the program
LDFLAGS    := -s -w -X $(APP).version=$(VERSION) -X $(APP).buildTime=$(BUILD_TIME)

GOLANGCI_VERSION := v2.15.0
GOLANGCI         := .tools/golangci-lint-$(GOLANGCI_VERSION)
SWAG             := go tool swag

.PHONY: help run build deps models clients test test-short test-services drill schemathesis services-down fuzz lint bench bench-peers bench-compare verify generate clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

run: build ## everything needed, then the server with its Swagger page on http://localhost:8098
	./bin/facekeep serve

build: deps bin/facekeep models ## bin/facekeep and all that it needs to run from here: lib/, models/

.PHONY: bin/facekeep
bin/facekeep:
	@go build -tags $(TAGS) -ldflags '$(LDFLAGS)' -o $@ ./cmd/facekeep

deps: ## shared libraries into lib/ (ONNX Runtime, libjpeg-turbo)
	@scripts/deps.sh

models: bin/facekeep ## model files into models/, from the nearest place that has them
	@./bin/facekeep models pull --if-needed

clients: ## the published clients that the tests drive the server with, into .tools/clients
	@scripts/clients.sh

test: deps models clients ## every test, with the race detector, in random order
	REQUIRE_CLIENTS=1 go test -race -shuffle=on -timeout 20m ./...

test-short: ## the tests that need neither models nor pictures
	go test -short ./...

test-services: deps models clients ## the tests against real Postgres and Milvus, installed and started as needed
	@scripts/services.sh up >/dev/null
	@eval "$$(scripts/services.sh env)"; \
	  REQUIRE_SERVICES=1 REQUIRE_CLIENTS=1 go test -race -shuffle=on -timeout 20m ./repository/... ./vectorstore/... ./gallery/... ./cmd/...

drill: deps models ## the long histories over two servers, while Postgres, Milvus and a server are killed; a full disk of Postgres
	@scripts/services.sh up >/dev/null
	@eval "$$(scripts/services.sh env)"; \
	  FACEKEEP_DRILL=1 REQUIRE_SERVICES=1 go test -p 1 -count=1 -v -timeout 15m -run '^TestDrill' ./cmd/facekeep ./cmd/internal/crowd

SECONDS_OF_CASES ?= 100
schemathesis: deps models ## Schemathesis against each dialect by its own document, for SECONDS_OF_CASES (100) each
	scripts/schemathesis.sh $(SECONDS_OF_CASES)

services-down: ## stop what test-services started; scripts/services.sh clean removes it
	@scripts/services.sh down

FUZZTIME ?= 20s
fuzz: deps ## every fuzz target for FUZZTIME (20s)
	@go list ./... | while read -r pkg; do \
	  for target in $$(go test -list '^Fuzz' "$$pkg" | grep '^Fuzz' || true); do \
	    echo "$$pkg $$target"; go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) "$$pkg"; \
	  done; done

lint: $(GOLANGCI) ## the linters, the import rules among them
	$(GOLANGCI) run ./...

$(GOLANGCI):
	@mkdir -p .tools
	@echo "building golangci-lint $(GOLANGCI_VERSION) (once)"
	@GOBIN=$(CURDIR)/.tools/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	@mv .tools/bin/golangci-lint $@

bench: deps models ## Go benchmarks
	go test -run '^$$' -bench . -benchmem ./...

bench-peers: deps models ## searches on Facekeep and on the FastAPI service of ../shared/bench, turn by turn: ratios
	scripts/bench-peers.sh

BASE ?= HEAD~1
PKGS ?= ./engine/... ./vectorstore/exact
bench-compare: deps models ## Go benchmarks of PKGS beside those of the commit BASE, turn by turn, by benchstat
	scripts/bench-compare.sh $(BASE) $(PKGS)

generate: ## the Swagger documents from the handlers' annotations
	@$(SWAG) init --quiet --instanceName smartface -g doc.go -d handlers/smartface,handlers/httpx -o docs/swagger/smartface --outputTypes json
	@$(SWAG) init --quiet --instanceName regula -g doc.go -d handlers/regula,handlers/httpx -o docs/swagger/regula --outputTypes json
	@$(SWAG) init --quiet --instanceName facesearch -g doc.go -d handlers/facesearch,handlers/httpx -o docs/swagger/facesearch --outputTypes json

verify: generate ## generated files and go.mod are what the sources say
	go mod tidy -diff
	git diff --exit-code -- docs/swagger

clean: ## remove what was built and downloaded; ./data stays
	rm -rf bin lib models .tools .cache
