# The daily commands. “make” or “make help” tells them.

# One set of build flags for vet, check, test and eval, so that they share one
# cache: everything that is tested is compiled once, with the race detector.
# All packages, SQLite too: generic code is compiled once for the program, so that
# a package left out takes sync.Map from the detector's sight and every program
# that uses encoding/json is said to have a race.
# What is run or measured is compiled without it.
FLAGS := -trimpath
CHECKED := $(FLAGS) -race
GO := go

.DEFAULT_GOAL := help
.PHONY: help run build chat check test eval lint fuzz faults walk bench cover guide needs

help: ## tell the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## start everything on embedded storage; prints the address of the web chat
	$(GO) run $(FLAGS) .

build: ## build the static binary bin/nghe (make build VERSION=1.2.0; else what git says)
	CGO_ENABLED=0 $(GO) build $(FLAGS) -ldflags='-s -w -X nghe/cli.version=$(or $(VERSION),$(shell git describe --tags --always --dirty 2>/dev/null))' -o bin/nghe .

chat: ## talk with it on the terminal
	$(GO) run $(FLAGS) . chat

check: ## check all content (make check DIR=folder for overrides)
	$(GO) run $(FLAGS) . check $(DIR)

test: needs lint ## everything that must hold: format, lint, content, tests with the race detector
	$(GO) run $(CHECKED) . check
	$(GO) test $(CHECKED) -shuffle=on -timeout 30m ./...
	$(GO) run $(CHECKED) ./understand/eval -min1 85 -min3 95

eval: ## how well questions are understood (make eval FILE=questions.tsv for others)
	$(GO) run $(FLAGS) ./understand/eval -misses $(FILE)

lint: ## gofmt, go vet, staticcheck
	@test -z "$$(gofmt -l .)" || { echo "these files are not formatted, run gofmt -w:"; gofmt -l .; exit 1; }
	$(GO) vet $(CHECKED) ./...
	$(GO) tool staticcheck ./...

fuzz: ## fuzz each target for 20 seconds (make fuzz TIME=20m for longer)
	@grep -rnoE '^func Fuzz[A-Za-z]+' --include='*_test.go' . | while IFS=: read -r file _ name; do \
		echo "$${name#func } in $$(dirname "$$file")"; \
		$(GO) test $(FLAGS) -run '^$$' -fuzz "^$${name#func }\$$" -fuzztime $(or $(TIME),20s) "$$(dirname "$$file")" || exit 1; done

faults: needs ## try to break it from outside: 10,000 updates repeated, each crash point 5 times, 50 kills, stores stopped for 30 s, 1,000 words relayed, 10,000 claims at one instant, 100 days of a counsellor (more than an hour)
	$(GO) test $(FLAGS) -v -timeout 120m ./faults -people 600 -told 20000 -hits 5 -kills 50 -outage 30s -reminders 1000 -relays 1000
	$(GO) test $(FLAGS) -v -timeout 30m ./handoff -claims 10000 -rapid.checks 400
	$(GO) test $(FLAGS) -v -timeout 30m ./counsel -plays 100

walk: ## 20,000 random conversations over the shipped content
	$(GO) test $(FLAGS) -run=RandomWalkers -v ./content -walks=20000

bench: needs ## all benchmarks in six rounds: bench/RESULTS.md and results.svg, in about an hour (QUICK=1: a few minutes, to see that it works; LARGE=1: a million people, too)
	$(GO) run $(FLAGS) ./bench/run $(if $(QUICK),-quick) $(if $(LARGE),-large)
	$(if $(QUICK),,$(GO) test $(FLAGS) ./bench/sim -update)

guide: needs ## draw the pictures of the guides in docs anew
	$(GO) test $(FLAGS) -run='FirstFiveMinutes|ACounsellorsDay|TheProvincesGuide' -v ./cli -args -pictures

cover: needs ## how much of each package the tests reach
	$(GO) test $(CHECKED) -coverprofile=coverage.out ./... && $(GO) tool cover -func=coverage.out | tail -1

# What the tests start for themselves. As root on Debian what is missing is
# installed; else it is named.
needs:
	@missing=; \
	command -v redis-server >/dev/null || missing="$$missing redis-server"; \
	ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null || missing="$$missing postgresql"; \
	command -v chromium >/dev/null || missing="$$missing chromium fonts-noto-core"; \
	command -v gcc >/dev/null || missing="$$missing gcc libc6-dev"; \
	test -z "$$missing" && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "installing$$missing"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else \
		echo "the tests need$$missing: install them, on Debian with: sudo apt-get install$$missing"; exit 1; \
	fi
