"""Sphinx's configuration of the site. ``make docs`` builds it and treats warnings as errors."""

import sys
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import reference
import tables
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - examples need it

import sklearn_lenet

project = "sklearn_lenet"
copyright = "the sklearn_lenet contributors"  # noqa: A001 - Sphinx reads this name
release = sklearn_lenet.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.doctest",
    "matplotlib.sphinxext.plot_directive",
    "numpydoc",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["build"]
templates_path = ["_templates"]
autosummary_generate = True
autodoc_typehints = "none"  # the Parameters sections name the types
numpydoc_show_class_members = False
plot_html_show_formats = plot_html_show_source_link = False
default_role = "py:obj"

html_theme = "pydata_sphinx_theme"
html_static_path = ["_static"]
html_title = "sklearn_lenet"
html_show_sourcelink = False
html_theme_options = {
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
    "footer_start": ["copyright"],
    "footer_end": [],
}

sphinx_gallery_conf = {
    "examples_dirs": str(HERE.parent / "examples"),
    "gallery_dirs": "auto_examples",
    "abort_on_example_error": True,
    "show_signature": False,
    "download_all_examples": False,
    "within_subsection_order": "gallery_order.ByNumber",
    "backreferences_dir": "generated/backreferences",
    "doc_module": ("sklearn_lenet",),
    "min_reported_time": 0,
}
# With the Agg backend every plt.show() warns that it shows nothing. The gallery still saves the
# figures.
warnings.filterwarnings("ignore", message=".*non-interactive.*", category=UserWarning)

# The examples of the page "Works with" run where their library is installed.
doctest_global_setup = """
from importlib.util import find_spec

def installed(name):
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # the package of a module is missing
        return False
"""


def setup(app):
    """Write the web page of the pretrained model beside the pages of the site."""
    app.connect("build-finished", write_web_page)


def write_web_page(app, problem):
    """Write ``digits.html``, which the page "Try it" shows."""
    if problem is None and app.builder.format == "html":
        model = sklearn_lenet.load_pretrained("digits")
        sklearn_lenet.export_page(model, Path(app.outdir) / "digits.html")


reference.write(HERE / "api.rst")
tables.write(HERE / "generated")
