"""export_page writes one HTML file that needs nothing else."""

import base64
import configparser
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from helpers import exactly, quick
from sklearn.exceptions import NotFittedError

import sklearn_lenet
from sklearn_lenet import LeNet5Classifier, export_page
from sklearn_lenet.export._page import SCRIPTS, STYLE
from sklearn_lenet.nets import ACTIVATIONS, POOLINGS

PARTS = Path(sklearn_lenet.__file__).parent / "export" / "page"


@pytest.fixture(scope="module")
def page(fitted, tmp_path_factory):
    """The text of the page of a LeNet-5."""
    path = tmp_path_factory.mktemp("page") / "digits.html"
    export_page(fitted, path)
    return path.read_text("utf-8")


class Elements(HTMLParser):
    """The start tags of a page with their attributes, and the text of each script."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] == "script":
            self.scripts[-1] += data


def test_the_page_is_small(images, tmp_path):
    X, y = images
    export_page(quick().fit(X, y), tmp_path / "digits.html")
    assert 250_000 < (tmp_path / "digits.html").stat().st_size < 600_000


def test_the_page_names_no_other_file_and_no_address(page):
    tags = Elements(page).tags
    assert len(tags) > 50
    for _, attributes in tags:
        assert "src" not in attributes
        assert attributes.get("href", "data:,") == "data:,"
        assert attributes.get("type") != "module"
    assert not re.search(r"https?:|fetch\(|XMLHttpRequest|import\(|@import|url\(", page)
    assert "default-src 'none'" in page  # the browser refuses what the test may have missed


def test_every_part_is_in_the_page_and_says_what_it_is_for(page):
    files = sorted(path.name for path in PARTS.iterdir())
    assert files == sorted([*SCRIPTS, STYLE, "page.html"])
    assert "{{" not in page
    for name in files:
        first = (PARTS / name).read_text("utf-8").splitlines()[0]
        assert re.match(r"(// |/\* |<!-- )[A-Z].{20,}", first), name
        assert first in page
    for name in SCRIPTS:
        text = (PARTS / name).read_text("utf-8")
        assert "</script" not in text
        assert text.count("\n") <= 300
        assert max(map(len, text.splitlines())) <= 110  # nothing is minified


def test_the_parts_belong_to_the_wheel():
    config = configparser.ConfigParser()
    config.read(Path(__file__).parents[2] / "setup.cfg")
    patterns = config["options.package_data"]["sklearn_lenet"].split()
    package = Path(sklearn_lenet.__file__).parent
    found = {path for pattern in patterns for path in package.glob(pattern)}
    assert set(PARTS.iterdir()) <= found


def test_the_script_knows_every_activation_and_pooling():
    script = (PARTS / "net.js").read_text("utf-8")
    functions = script.split("const ACTIVATIONS = {")[1].split("};")[0]
    assert re.findall(r"^  (\w+):", functions, re.MULTILINE) == list(ACTIVATIONS)
    assert set(POOLINGS) == {"max", "avg"}


def test_weights_are_float32_in_base64(page, fitted):
    (text,) = re.findall(r'id="weights">([^<]*)<', page)
    weights = np.frombuffer(base64.b64decode(text, validate=True), "<f4")
    c1 = fitted.module_.c1.weight.detach().numpy().ravel()
    assert (weights[: c1.size] == c1).all()


def test_no_label_can_end_the_script(images, tmp_path):
    X, y = images
    labels = np.array(["</script><script>alert(1)</script>", "<!--<script>", "ünï ✓ {{ weights }}"])
    export_page(quick().fit(X, labels[y]), tmp_path / "a.html")
    elements = Elements((tmp_path / "a.html").read_text("utf-8"))
    assert len(elements.scripts) == len(SCRIPTS) + 2
    model = elements.scripts[0]
    assert "<" not in model
    assert "{{ weights }}" in model  # it is not replaced


def test_an_estimator_that_is_not_fitted_is_refused(tmp_path):
    message = "LeNet5Classifier is not fitted yet: call fit before export_page."
    with pytest.raises(NotFittedError, match=exactly(message)):
        export_page(LeNet5Classifier(), tmp_path / "a.html")
    assert not list(tmp_path.iterdir())


def test_what_is_no_estimator_is_refused(tmp_path):
    with pytest.raises(TypeError, match="not an estimator instance"):
        export_page("digits.lenet", tmp_path / "a.html")


def test_a_file_is_replaced_as_a_whole(fitted, tmp_path):
    path = tmp_path / "a.html"
    path.write_text("an older file")
    export_page(fitted, str(path))
    assert path.read_text("utf-8").rstrip().endswith("</html>")
    assert [other.name for other in tmp_path.iterdir()] == ["a.html"]
    with pytest.raises(FileNotFoundError, match="is not a folder"):
        export_page(fitted, tmp_path / "nowhere" / "a.html")
