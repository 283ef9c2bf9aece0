# Jiping: everything that a person at a keyboard needs. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help run test check bench lighthouse lock clean

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
FONTS  := $(VENV)/fonts-seen
CHROME := $(VENV)/browser-seen
NPM    := $(VENV)/npm-packages
PAGES  := $(VENV)/phone-pages
MINI   := $(VENV)/mini-program
NODE   := command -v npm >/dev/null 2>&1 && node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' 2>/dev/null
CLIENT := $(shell find miniapp/src miniapp/tools -type f 2>/dev/null) \
          $(wildcard miniapp/*.json miniapp/*.ts miniapp/*.html miniapp/.npmrc)

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(READY) $(FONTS) $(PAGES) ## set up, then serve on this machine: web, scheduler, sandbox (Ctrl-C stops all)
	@$(BIN)/jiping run

test: $(READY) $(FONTS) $(CHROME) $(PAGES) $(MINI) ## set up, then every test, on SQLite and on a real PostgreSQL
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(READY) $(NPM) ## format, lint, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@[ ! -f $(NPM) ] || npm --prefix miniapp run -s types

bench: $(READY) $(FONTS) ## the benchmarks, each beside its floor in the same run
	@$(BIN)/python -m tests.bench

lighthouse: $(READY) $(FONTS) $(CHROME) $(PAGES) ## Lighthouse over the phone pages, on its phone profile
	@cd miniapp/measure && npm ci --silent --no-audit --no-fund
	@$(BIN)/python -m tests.phone.measure

lock: ## renew requirements.lock from pyproject.toml (needs uv)
	@uv pip compile --universal --python-version 3.11 --group dev --generate-hashes --no-emit-index-url \
	  --no-header --upgrade -q pyproject.toml -o requirements.lock

clean: ## remove what was set up and the data of `make run`
	@rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis miniapp/dist miniapp/node_modules miniapp/sim/node_modules miniapp/measure/node_modules

# --- set-up: as root on Debian or Ubuntu it may install packages, elsewhere it says what is missing

define apt_or_say
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "setting up: apt-get install $(1)"; \
	  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $(1); } >/dev/null; \
	else \
	  echo "missing: $(2)" >&2; \
	  if command -v apt-get >/dev/null 2>&1; then echo "  as root: apt-get install $(1)" >&2; fi; \
	  exit 1; \
	fi
endef

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null 2>&1 || { $(call apt_or_say,python3 python3-venv,Python 3.11 to 3.13); }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "missing: Python 3.11 to 3.13 ($(PYTHON) is another; name one with make PYTHON=...)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(call apt_or_say,python3-venv,the venv module of Python); }
	@echo "setting up: a virtual environment in $(VENV)"
	@rm -rf $(VENV) && $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(FONTS): $(READY)
	@$(BIN)/python -m server.documents.fonts >/dev/null 2>&1 || \
	  { $(call apt_or_say,fonts-noto-cjk fonts-hanazono,a font with Chinese characters such as Noto Sans CJK); }
	@$(BIN)/python -m server.documents.fonts && touch $@

$(CHROME): $(READY)
	@command -v curl >/dev/null 2>&1 || { $(call apt_or_say,curl,curl); }
	@command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || [ -n "$$JIPING_CHROMIUM" ] || \
	  { $(call apt_or_say,chromium,Chromium for the browser tests (or its path in JIPING_CHROMIUM)); }
	@touch $@

# The phone client. Without Node everything else runs, and the page at /m/ says what is missing.
$(NPM): $(READY) miniapp/package-lock.json miniapp/.npmrc miniapp/sim/package-lock.json
	@$(NODE) || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1 || \
	  { $(call apt_or_say,nodejs npm,Node.js 18 or later with npm); } || true
	@if $(NODE); then \
	  echo "setting up: the packages of the phone client in miniapp/node_modules"; \
	  cd miniapp && npm ci --silent --no-audit --no-fund && touch "$(CURDIR)/$@"; \
	else \
	  echo "手机页面没有构建：需要 Node.js 18 或更高版本和 npm，安装后重新运行；其余功能照常" >&2; \
	fi

$(PAGES): $(NPM) $(CLIENT)
	@if [ -f $(NPM) ]; then \
	  echo "setting up: the phone pages in miniapp/dist"; \
	  cd miniapp && npm run -s build:h5 >/dev/null && test -f dist/build/h5/index.html && touch "$(CURDIR)/$@"; \
	fi

# The mini-program as the association uploads it, and what its simulation in the tests is made of.
$(MINI): $(NPM) $(CLIENT)
	@if [ -f $(NPM) ]; then \
	  echo "setting up: the mini-program in miniapp/dist"; \
	  (cd miniapp/sim && npm ci --silent --no-audit --no-fund) && \
	  cd miniapp && npm run -s build:mp-weixin >/dev/null && test -f dist/build/mp-weixin/app.json && touch "$(CURDIR)/$@"; \
	fi
