# Two commands do everything from a fresh clone: `make drill` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check
LOCKED := --require-hashes --no-deps
SPEECH ?=

# What the tests need of Debian: voices, a browser with its fonts, servers of sound, mail, events and power, another judge
# of signatures, and Node where there is none yet, to build the console's islands again.
APT := chromium dovecot-imapd espeak-ng fonts-noto-cjk mosquitto nut-server pulseaudio pulseaudio-utils xmlsec1 \
       $(if $(shell command -v npm),,nodejs npm)

.PHONY: drill test check bench docs serve lock apt clean

# SPEECH=1 adds Japanese speech from kanji (pyopenjtalk-plus, some 300 MB); espeak-ng, if it is there, speaks the rest.
drill: $(VENV)/.core $(if $(SPEECH),$(VENV)/.speech)    ## the test of 18 August 2017, through the whole house
	$(BIN)/satwarn drill run japan-2017-08-18 --out drill-report/

test: check                               ## every test
	$(BIN)/python -m pytest -n 3 --dist worksteal

check: $(VENV)/.test                      ## style, types and the rules of the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test                      ## figures, each a ratio to a peer in the same run
	PYTHONPATH=tests $(BIN)/python -m bench

serve: $(VENV)/.test                      ## the hub, its sandbox filled with people and templates to try
	$(BIN)/satwarn serve --demo --with-sites 40 --data satwarn-data

docs: $(VENV)/.test                       ## the manual as pages in site/
	$(BIN)/mkdocs build --quiet --strict

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("satwarn needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: locks/core.txt locks/build.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked dependencies"
	$(PIP) install $(LOCKED) -r locks/core.txt -r locks/build.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.speech: $(VENV)/.core locks/speech.txt
	@echo "Installing Japanese speech"
	$(PIP) install $(LOCKED) -r locks/speech.txt
	@touch $@

apt: $(VENV)/.apt                         ## the Debian packages the tests need

$(VENV)/.apt: Makefile | $(VENV)/bin/python
	@missing=; for package in $(APT); do \
	  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing from Debian:$$missing"; \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends $$missing >/dev/null; \
	  else \
	    echo "The tests need packages of Debian. Run:  sudo apt-get install --no-install-recommends$$missing"; exit 1; \
	  fi; \
	fi
	@touch $@

$(VENV)/.test: $(VENV)/.core $(VENV)/.apt locks/test.txt locks/judge.txt
	@echo "Installing what the tests need"
	$(PIP) install $(LOCKED) -r locks/test.txt
	$(PIP) install $(LOCKED) -r locks/judge.txt
	@touch $@

lock: | $(VENV)/bin/python                ## make the locks anew (needs uv; the files name no registry)
	tools/lock

clean:
	rm -rf $(VENV) drill-report satwarn-data
