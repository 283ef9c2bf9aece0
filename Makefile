# Jiping: everything that a person at a keyboard needs. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help run test check bench lighthouse release lock clean

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
FONTS  := $(VENV)/fonts-seen
CHROME := $(VENV)/browser-seen
NPM    := $(VENV)/npm-packages
PAGES  := $(VENV)/phone-pages
MINI   := $(VENV)/mini-program
SIM    := $(VENV)/simulation-packages
NODE   := command -v npm >/dev/null 2>&1 && node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' 2>/dev/null
CLIENT := $(shell find miniapp/src miniapp/tools -type f 2>/dev/null) \
          $(wildcard miniapp/*.json miniapp/*.ts miniapp/*.html miniapp/.npmrc miniapp/.env*)

# A release carries the client built, with the digests of what was built and of what it was built from. As long as they
# are right nothing is built, and Node is not asked for; whoever changes the sources builds as in a checkout.
RELEASED := miniapp/dist/RELEASED
CARRIED  := $(shell if [ -f $(RELEASED) ] && { sha256sum -c --status $(RELEASED) || shasum -a 256 -c --status $(RELEASED); } \
              >/dev/null 2>&1; then echo yes; fi)
TO_BUILD := $(if $(CARRIED),,$(PAGES) $(MINI))

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(READY) $(FONTS) $(filter $(PAGES),$(TO_BUILD)) ## set up, then serve on this machine: web, scheduler, sandbox (Ctrl-C stops all)
	@$(BIN)/jiping run

test: $(READY) $(FONTS) $(CHROME) $(TO_BUILD) $(SIM) ## set up, then every test, on SQLite and on a real PostgreSQL
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: $(READY) $(NPM) ## format, lint, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@[ ! -f $(NPM) ] || npm --prefix miniapp run -s types

bench: $(READY) $(FONTS) ## the benchmarks, each beside its floor in the same run
	@$(BIN)/python -m tests.bench

lighthouse: $(READY) $(FONTS) $(CHROME) $(filter $(PAGES),$(TO_BUILD)) ## Lighthouse over the phone pages, on its phone profile
	@cd miniapp/measure && npm ci --silent --no-audit --no-fund
	@$(BIN)/python -m tests.phone.measure

release: $(READY) $(NPM) ## one archive in dist: what is committed, with the phone pages and the mini-program built
	@$(BIN)/python -m server.commands.release --check
	@[ -f $(NPM) ] || exit 1
	@echo "building: the phone pages and the mini-program, anew"
	@rm -rf miniapp/dist $(PAGES) $(MINI)
	@cd miniapp && npm run -s build:h5 >/dev/null && npm run -s build:mp-weixin >/dev/null
	@touch $(PAGES) $(MINI)
	@$(BIN)/python -m server.commands.release

lock: ## renew requirements.lock from pyproject.toml (needs uv)
	@uv pip compile --universal --python-version 3.11 --group dev --generate-hashes --no-emit-index-url \
	  --no-header --upgrade -q pyproject.toml -o requirements.lock

clean: ## remove what was set up and the data of `make run`
	@rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis miniapp/node_modules miniapp/sim/node_modules miniapp/measure/node_modules \
	  $(if $(wildcard $(RELEASED)),,miniapp/dist)

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
$(NPM): $(READY) miniapp/package-lock.json miniapp/.npmrc
	@$(NODE) || [ "$(CARRIED)" = yes ] || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1 || \
	  { $(call apt_or_say,nodejs npm,Node.js 18 or later with npm); } || true
	@if $(NODE); then \
	  echo "setting up: the packages of the phone client in miniapp/node_modules"; \
	  cd miniapp && npm ci --silent --no-audit --no-fund && touch "$(CURDIR)/$@"; \
	elif [ "$(CARRIED)" = yes ]; then \
	  echo "没有 Node.js 18 或更高版本：手机页面和小程序用发布包带来的；客户端自己的检查和模拟运行跳过，其余照常" >&2; \
	elif [ -f $(RELEASED) ]; then \
	  echo "miniapp 里的文件改过，重新构建需要 Node.js 18 或更高版本和 npm；现在用的还是发布包带来的，其余功能照常" >&2; \
	else \
	  echo "手机页面没有构建：需要 Node.js 18 或更高版本和 npm，安装后重新运行；其余功能照常" >&2; \
	fi

$(PAGES): $(NPM) $(CLIENT)
	@if [ -f $(NPM) ]; then \
	  echo "setting up: the phone pages in miniapp/dist"; \
	  cd miniapp && npm run -s build:h5 >/dev/null && test -f dist/build/h5/index.html && touch "$(CURDIR)/$@"; \
	fi

$(MINI): $(NPM) $(CLIENT)
	@if [ -f $(NPM) ]; then \
	  echo "setting up: the mini-program in miniapp/dist"; \
	  cd miniapp && npm run -s build:mp-weixin >/dev/null && test -f dist/build/mp-weixin/app.json && touch "$(CURDIR)/$@"; \
	fi

# What the mini-program's simulation in the tests is made of.
$(SIM): $(NPM) miniapp/sim/package-lock.json
	@if [ -f $(NPM) ]; then cd miniapp/sim && npm ci --silent --no-audit --no-fund && touch "$(CURDIR)/$@"; fi
