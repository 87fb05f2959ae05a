# Each target creates the virtual environment that it needs in this folder.

PYTHON ?= python3
BIN = .venv/bin
# The versions of scikit-learn whose estimator checks are run.
SKLEARNS = 1.6 1.7 1.8 1.9

.PHONY: help demo pretrained test test-slow docs lint matrix wheel dist lowest nightly clean
.PHONY: bench-accuracy bench-speed bench-tune bench-full bench-report bench-reading bench-hands bench-styles bench-writers bench-first-answer bench-unknown bench-ablation bench-scale
.PRECIOUS: .venvs/sklearn-%/installed

help:
	@echo "make demo    train both nets, a random forest and an SVM, and print their accuracy"
	@echo "make test    lint, types, doctests and all tests except the slow ones"
	@echo "make test-slow  the slow tests, some of which train on all of MNIST"
	@echo "make docs    build the site with its examples into docs/build/html"
	@echo "make matrix  scikit-learn's estimator checks under each of $(SKLEARNS)"
	@echo "make wheel   build the packages, install the wheel into an empty environment and use it there"
	@echo "make dist    build the wheel and the source distribution, and check them for a release"
	@echo "make lowest  the tests with the lowest versions that setup.cfg allows (Python 3.11)"
	@echo "make nightly the tests with the development versions of scikit-learn and torch"
	@echo "make pretrained  train the models of the package (needs MNIST and other handwriting; an hour)"
	@echo "make bench-accuracy  measure the README's accuracies (needs MNIST; about an hour)"
	@echo "make bench-speed     measure the README's ratios (needs MNIST and an idle machine)"
	@echo "make bench-reading   measure the reading of pictures and lines (needs MNIST and other handwriting)"
	@echo "make bench-hands     measure the models of the package on handwriting fonts (needs npm)"
	@echo "make bench-styles    compare styles of drawn digits on these fonts (needs MNIST, npm, other handwriting; 2 hours)"
	@echo "make bench-writers   measure what fifty digits of a writer teach (needs other handwriting)"
	@echo "make bench-first-answer  measure what the command line needs to read a photo (needs an idle machine)"
	@echo "make bench-unknown   measure how images that are no digits are recognised (needs MNIST)"
	@echo "make bench-ablation  compare recipes for the highest accuracy (needs MNIST; an hour)"
	@echo "make bench-tune      choose the rivals' settings on validation rows (needs MNIST; an hour)"
	@echo "make bench-scale     measure fits, searches and reading on two workers of Dask (needs MNIST and an idle machine)"
	@echo "make bench-full      the whole comparison (needs MNIST, an idle machine and 1 to 2.25 hours)"
	@echo "make bench-report    write the tables and plots of both READMEs from the measurements"
	@echo "make clean   remove all environments and builds"

demo: .venv/installed
	$(BIN)/sklearn-lenet demo

# One test process per core; tests/conftest.py gives each of them one torch thread.
PYTEST = $(BIN)/python -m pytest -n auto --dist loadgroup
EXAMPLES = tests/docs/test_examples.py

test: lint
	$(PYTEST) -m "not slow" --cov

# The slow part of the estimator checks belongs to the matrix. The examples may take a minute each,
# so nothing else runs beside them.
test-slow: .venv/installed
	$(PYTEST) -m slow --ignore tests/estimators/test_estimator_checks.py --ignore $(EXAMPLES)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m slow $(EXAMPLES)

lint: .venv/installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/codespell

# The examples of the pages run first, then those of the gallery; the log shows their times.
docs: .venv/installed
	$(BIN)/sphinx-build -W --keep-going -q -b doctest -D plot_gallery=0 docs docs/build/doctest
	$(BIN)/sphinx-build -W --keep-going -b html docs docs/build/html

# Two versions at a time, one process and one torch thread each.
matrix: .venv/installed
	$(MAKE) -j2 --output-sync=target $(SKLEARNS:%=matrix-%)

# Only scikit-learn is replaced: its version lies in a folder that comes before the environment.
matrix-%: .venvs/sklearn-%/installed
	PYTHONPATH=.venvs/sklearn-$* OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q \
		-p no:cacheprovider tests/estimators/test_estimator_checks.py --sklearn $*

wheel: .venv/installed
	rm -rf build dist .venvs/wheel
	$(BIN)/python -m build
	tar -tzf dist/*.tar.gz | grep -c "pretrained/models/.*lenet" | grep -qx 3
	$(PYTHON) -m venv .venvs/wheel
	.venvs/wheel/bin/pip install -q -c constraints.txt dist/*.whl
	cd .venvs/wheel && bin/python -c "$$FIT_ONE"
	.venvs/wheel/bin/sklearn-lenet --version

# Runs in the folder of the empty environment, so that it imports the wheel.
define FIT_ONE
from sklearn.datasets import load_digits
import sklearn_lenet
X, y = load_digits(return_X_y=True)
model = sklearn_lenet.LeNet5Classifier(max_epochs=10, random_state=0).fit(X[:1200], y[:1200])
accuracy = model.score(X[1200:], y[1200:])
print(f"{sklearn_lenet.__file__}: {accuracy:.3f} on 597 digits")
assert accuracy > 0.9
for name in ("digits", "mnist", "strings"):
    assert sklearn_lenet.load_pretrained(name).n_iter_ > 0
endef
export FIT_ONE

dist: .venvs/release/installed
	rm -rf build dist
	.venvs/release/bin/python -m build
	.venvs/release/bin/twine check --strict dist/*

lowest: .venvs/lowest/installed
	.venvs/lowest/bin/python -m pytest -n auto --dist loadgroup -m "not slow"

nightly: .venvs/nightly/installed
	.venvs/nightly/bin/python -m pytest -n auto --dist loadgroup -m "not slow"

pretrained: .venv/installed
	$(BIN)/python benchmarks/pretrained.py

bench-accuracy: .venv/installed
	$(BIN)/python benchmarks/accuracy.py

bench-speed: .venv/installed
	$(BIN)/python benchmarks/speed.py

bench-reading: .venv/installed
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/lines.py

benchmarks/fonts/node_modules: benchmarks/fonts/package.json
	npm install --prefix benchmarks/fonts --no-package-lock --ignore-scripts
	touch $@

bench-hands: .venv/installed benchmarks/fonts/node_modules
	$(BIN)/python benchmarks/hands.py

bench-styles: .venv/installed benchmarks/fonts/node_modules
	$(BIN)/python benchmarks/styles.py

bench-writers: .venv/installed
	$(BIN)/python benchmarks/writers.py

bench-first-answer: .venv/installed
	$(BIN)/python benchmarks/first_answer.py

bench-unknown: .venv/installed
	$(BIN)/python benchmarks/unknown.py

bench-ablation: .venv/installed
	$(BIN)/python benchmarks/ablation.py

bench-scale: .venv/installed
	$(BIN)/python benchmarks/scale.py

bench-tune: .venvs/bench/installed
	.venvs/bench/bin/python benchmarks/tune.py

bench-full: .venvs/bench/installed
	.venvs/bench/bin/python benchmarks/compare.py --full
	.venvs/bench/bin/python benchmarks/grid_search.py

bench-report: .venv/installed
	$(BIN)/python benchmarks/report.py

.venv/installed: setup.cfg constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -c constraints.txt -e ".[dev]"
	touch $@

.venvs/sklearn-%/installed: .venv/installed
	rm -rf .venvs/sklearn-$*
	$(BIN)/pip install -q --no-deps --target .venvs/sklearn-$* "scikit-learn==$*.*"
	touch $@

.venvs/release/installed: setup.cfg
	$(PYTHON) -m venv .venvs/release
	.venvs/release/bin/pip install -q -c constraints.txt build twine
	touch $@

# The lowest versions are read from setup.cfg; LOWEST_ARGS may replace one of them.
.venvs/lowest/installed: setup.cfg .ci/lowest_versions.py
	$(PYTHON) -m venv .venvs/lowest
	$(PYTHON) .ci/lowest_versions.py $(LOWEST_ARGS) > .venvs/lowest/constraints.txt
	.venvs/lowest/bin/pip install -q -c .venvs/lowest/constraints.txt -e ".[test]"
	touch $@

# The indexes of the development versions are named in PIP_EXTRA_INDEX_URL by the workflow.
.venvs/nightly/installed: setup.cfg
	$(PYTHON) -m venv .venvs/nightly
	.venvs/nightly/bin/pip install -q -e ".[test]"
	.venvs/nightly/bin/pip install -q --pre --upgrade scikit-learn torch
	touch $@

# Keras, TensorFlow and JAX are installed in an environment of their own.
.venvs/bench/installed: setup.cfg constraints.txt
	$(PYTHON) -m venv .venvs/bench
	.venvs/bench/bin/pip install -q -c constraints.txt -e ".[bench,test]"
	touch $@

clean:
	rm -rf .venv .venvs build dist *.egg-info .coverage .mypy_cache .pytest_cache .ruff_cache
	rm -rf docs/build docs/auto_examples docs/generated docs/api.rst docs/sg_execution_times.rst
