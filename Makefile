# Unsigned. `make run` serves the gallery; `make test` proves it. Both set up what they need.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
# Browsers give passkeys to names only.
SHOWN := $(HOST:127.0.0.1=localhost)
VENV := .venv
BIN := $(VENV)/bin
PARALLEL := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: run demo scaled admin worker test lint types bench bench-art blindness soak scaled-e2e reset help

run: $(VENV)/.ready  ## set up what is missing, hang the starter exhibition, serve the gallery
	@$(BIN)/python manage.py furnish
	@echo
	@echo "  Unsigned is open at http://$(SHOWN):$(PORT)  (stop it with Ctrl-C)"
	@echo "  To become its admin, in a second terminal:  make admin"
	@echo
	@exec $(BIN)/uvicorn gallery.asgi:application --host $(HOST) --port $(PORT) \
		--log-level warning --ws-max-size 4096 --timeout-graceful-shutdown 5

demo: export VAR_DIR := $(or $(VAR_DIR),$(CURDIR)/var/demo)  # a gallery of its own
demo: $(VENV)/.ready  ## make run, in a gallery whose simulated study fills every panel of the findings
	@$(BIN)/python manage.py demo
	@echo
	@echo "  The demo's findings: http://$(SHOWN):$(PORT)/studies/demo/findings/"
	@$(MAKE) --no-print-directory run

scaled: export VAR_DIR := $(or $(VAR_DIR),$(CURDIR)/var/scaled)  # a gallery of its own
scaled: export PORT := $(PORT)
scaled: export HOST := $(HOST)
scaled: $(VENV)/.ready-scaled  ## the gallery as a museum deploys it: nginx, gunicorn, PostgreSQL, Redis, workers (needs these three)
	@exec $(BIN)/python -m scaled

admin: $(VENV)/.ready  ## create an admin; asks for name and password, or takes ADMIN_USER and ADMIN_PASSWORD
	@$(BIN)/python manage.py migrate -v0
	@if [ -n "$$ADMIN_USER" ] && [ -n "$$ADMIN_PASSWORD" ]; then \
		DJANGO_SUPERUSER_USERNAME="$$ADMIN_USER" DJANGO_SUPERUSER_PASSWORD="$$ADMIN_PASSWORD" \
			$(BIN)/python manage.py createsuperuser --noinput --email ""; \
	else \
		$(BIN)/python manage.py createsuperuser --email ""; \
	fi

worker: $(VENV)/.ready  ## one more process that paints (with REDIS_URL and DATABASE_URL set)
	@exec $(BIN)/python manage.py paintworker

test: export VAR_DIR := $(CURDIR)/$(VENV)/test-var  # never the gallery that is being served
test soak: export OPENBLAS_NUM_THREADS := 1  # tests run beside each other; more threads would only wait
test soak: export OMP_NUM_THREADS := 1  # likewise
test: $(VENV)/.ready-dev  ## lint, types, checks, and every test on SQLite and on PostgreSQL
	@bash tests/install.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy .
	$(BIN)/python manage.py makemigrations --check --dry-run
	TLS=1 SECRET_KEY=$$(head -c 64 /dev/urandom | base64 -w0) ALLOWED_HOSTS=gallery.example \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m tests.on_postgres $(BIN)/python -m pytest -q $(PARALLEL) -m "not any_database and not soak" \
		tests/works tests/runs tests/studies tests/findings tests/keeping
	$(BIN)/python -m pytest -q $(PARALLEL)

bench: $(VENV)/.ready-dev  ## the measurements in the README, a few minutes
	@bash tests/install.sh
	$(BIN)/python -m bench

bench-art: $(VENV)/.ready-dev  ## the machine artists beside published recipes, ten minutes
	$(BIN)/python -m bench.dreams
	$(BIN)/python -m bench.styles

blindness: $(VENV)/.ready-dev  ## attack the gallery's blindness, ten minutes; HUMAN=FOLDER takes other works by people
	@bash tests/install.sh
	$(BIN)/python -m tests.blindness $(if $(HUMAN),--human "$(HUMAN)" --out "$${VAR_DIR:-var}/blindness.json")

soak: $(VENV)/.ready-dev  ## what is too long for every change: 10,000 damaged pictures, every view of every page, every part killed
	@bash tests/install.sh
	$(BIN)/python -m tests.soak
	$(BIN)/python -m pytest -q $(PARALLEL) -m soak

scaled-e2e: $(VENV)/.ready-dev  ## every browser test against what make scaled starts, ten minutes
	@bash tests/install.sh
	$(BIN)/python -m pytest -q tests/e2e --against scaled

reset:  ## throw this gallery away: its database, works, answers
	@echo "This deletes $${VAR_DIR:-var} with every work and every answer in it."
	@read -p "Type yes to go on: " answer && [ "$$answer" = yes ] && rm -rf "$${VAR_DIR:-var}"

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Unsigned needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python's venv module is missing (Debian: apt-get install python3-venv)."; exit 1; }

$(VENV)/.ready: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.ready-scaled: requirements-scaled.txt $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-scaled.txt
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt requirements-scaled.txt $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
