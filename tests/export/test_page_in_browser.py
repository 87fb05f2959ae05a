"""What the page computes in a browser, compared with Python."""

import base64
import io
import os

import numpy as np
import pytest
import torch
from helpers import SEVEN, quick
from PIL import Image
from scipy import ndimage
from sklearn.pipeline import make_pipeline

from sklearn_lenet import (
    DenseDigitClassifier,
    DigitImageReader,
    LeNet5Classifier,
    PadNormalizer,
    activations,
)

pytestmark = pytest.mark.xdist_group("browser")

READ_ROWS = """
return arguments[0].map((row) => {
  const { label, answer, reason, probabilities, novelty, outputs } = digitPage.read(row);
  const layers = arguments[1] ? [...outputs].map(([name, o]) => [name, Array.from(o.values)]) : [];
  return { label, answer, reason, probabilities, novelty, layers: Object.fromEntries(layers) };
});
"""

READ_PICTURES = """
const [pictures, done] = arguments;
const read = async (text) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const { label, answer, digit } = await digitPage.readPicture(new Blob([bytes]));
  return { label, answer, digit: Array.from(digit.values) };
};
Promise.all(pictures.map(read)).then(done, (error) => done(String(error)));
"""


def read_rows(browser, rows, layers=False):
    return browser.execute_script(READ_ROWS, np.asarray(rows).tolist(), layers)


def read_pictures(browser, pictures):
    """Read PIL images, as PNG, or the bytes of files."""
    texts = []
    for picture in pictures:
        content = picture
        if isinstance(picture, Image.Image):
            file = io.BytesIO()
            picture.save(file, "PNG")
            content = file.getvalue()
        texts.append(base64.b64encode(content).decode())
    return browser.execute_async_script(READ_PICTURES, texts)


def assert_same(browser, model, rows, n_layers_of=10):
    """Compare labels, probabilities and the outputs of each layer with those of Python."""
    found = read_rows(browser, rows)
    assert [one["label"] for one in found] == [str(label) for label in model.predict(rows)]
    probabilities = np.array([one["probabilities"] for one in found])
    assert np.abs(probabilities - model.predict_proba(rows)).max() < 1e-5
    some = rows[:n_layers_of]
    outputs = read_rows(browser, some, True)
    assert len(outputs[0]["layers"]) >= 3
    for layer in outputs[0]["layers"]:
        values = np.array([one["layers"][layer] for one in outputs])
        expected = activations(model, some, layer).reshape(len(some), -1)
        assert np.abs(values - expected).max() < 1e-4, layer


def test_500_digits_of_mnist_are_read_as_in_python(opened, mnist):
    X, y, X_test, y_test = mnist
    model = LeNet5Classifier(max_epochs=2, random_state=0).fit(X[:3000], y[:3000])
    browser, rows = opened(model), X_test[:500]
    assert_same(browser, model, rows, n_layers_of=50)
    found = read_rows(browser, rows)
    assert (
        np.mean(
            [int(one["label"]) == label for one, label in zip(found, y_test[:500], strict=True)]
        )
        > 0.9
    )
    novelty = np.array([one["novelty"] for one in found])
    assert np.abs(novelty - model.novelty_score(rows)).max() < 1e-4


@pytest.mark.parametrize(
    "options",
    [
        {"activation": "relu", "pooling": "avg"},
        {"activation": "tanh", "pooling": "max", "input_size": None},
        {"activation": "sigmoid", "input_size": 16},
        {"activation": "logistic", "pooling": "avg", "input_size": 36},
        {"activation": "scaled_tanh", "pooling": "avg", "input_size": 32},
        {"activation": "identity", "pooling": "max"},
    ],
    ids=lambda options: options["activation"],
)
def test_each_option_is_read_as_in_python(opened, digits, options):
    X, y = digits
    labels = np.array(list("abcdefghij"))[y]
    model = LeNet5Classifier(max_epochs=2, random_state=0, **options)
    assert_same(opened(model.fit(X[:200], labels[:200])), model, X[200:220])


def test_dense_nets_and_pipelines_are_read_as_in_python(opened, digits, images):
    X, y = digits
    dense = DenseDigitClassifier(
        hidden_layer_sizes=(20, 10), activation="tanh", max_epochs=2, random_state=0
    )
    assert_same(opened(dense.fit(X[:200], y[:200])), dense, X[200:220])
    X, y = images
    pipe = make_pipeline(PadNormalizer(), quick()).fit(X, y)
    rows = np.concatenate([X[:10], 255 - X[:10]]).reshape(20, -1)
    found = read_rows(opened(pipe), rows)
    probabilities = np.array([one["probabilities"] for one in found])
    assert np.abs(probabilities - pipe.predict_proba(rows)).max() < 1e-5


def test_rows_with_fewer_pixels_than_a_square_are_read_as_in_python(opened, digits):
    X, y = digits
    model = quick().fit(X[:200, :60], y[:200])
    assert_same(opened(model), model, X[200:210, :60])


def test_images_that_are_not_square_are_read_as_in_python(opened, images):
    X, y = images
    X = X[:, 4:24]
    picture = Image.fromarray(255 - SEVEN.reshape(28, 28)).resize((90, 90))
    for model in (quick().fit(X, y), quick(DenseDigitClassifier).fit(X, y)):
        browser = opened(model)
        assert_same(browser, model, X[:10].reshape(10, -1))
        (found,) = read_pictures(browser, [picture])
        assert found["label"] in "012"


def test_drawn_digits_have_the_label_of_the_pipeline(opened, mnist):
    if "SKLEARN_LENET_DIGITS" not in os.environ:
        pytest.skip("needs drawn digits: set SKLEARN_LENET_DIGITS to the folder with them")
    from _pictures import other_writers

    paths, _ = other_writers("drawn")
    paths = paths[:: len(paths) // 100][:100]
    X, y, _, _ = mnist
    pipe = make_pipeline(DigitImageReader(), LeNet5Classifier(max_epochs=2, random_state=0))
    pipe[-1].fit(X[:3000], y[:3000])
    found = read_pictures(opened(pipe), [path.read_bytes() for path in paths])
    same = [
        one["label"] == str(label) for one, label in zip(found, pipe.predict(paths), strict=True)
    ]
    assert len(same) == 100
    assert sum(same) >= 98


def photographed(digit, rng, ink, paper):
    """Return a digit in colour at a random place and size, in uneven light, with specks."""
    shape = tuple(rng.integers(90, 260, 2))
    side = int(rng.integers(40, min(shape) - 20))
    share = np.zeros(shape)
    top, left = (int(rng.integers(5, length - side - 5)) for length in shape)
    part = Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC)
    share[top : top + side, left : left + side] = np.asarray(part) / 255
    share[3, 3] = share[-3, -3] = 1
    light = np.linspace(1, rng.uniform(0.6, 1), shape[1])[:, None]
    colours = np.array(paper) * (1 - share[:, :, None]) + np.array(ink) * share[:, :, None]
    return Image.fromarray(np.rint(colours * light).astype(np.uint8))


def test_pictures_are_brought_to_the_form_of_mnist_as_in_python(page):
    rng = np.random.default_rng(0)
    ring = ndimage.gaussian_filter(np.pad(np.full((12, 8), 255.0), ((8, 8), (10, 10))), 1)
    ring = np.where((ring > 90) & (ring < 200), 255, 0).astype(np.uint8)
    colours = [
        ((20, 20, 20), (250, 250, 250)),
        ((240, 240, 240), (30, 30, 30)),
        ((30, 60, 200), (250, 245, 230)),
        ((200, 190, 60), (40, 90, 60)),
    ]
    seven = SEVEN.reshape(28, 28)
    pictures = [photographed(digit, rng, *two) for digit in (seven, ring) for two in colours]
    pictures += [Image.fromarray(seven), Image.fromarray(255 - seven)]
    reader = DigitImageReader()
    steps = reader.return_steps(pictures)
    for found, expected in zip(read_pictures(page, pictures), steps, strict=True):
        different = np.abs(np.array(found["digit"]) - expected.digit.ravel().astype(int))
        assert (different > 0).mean() < 0.02
        assert different.max() <= 16


@pytest.mark.parametrize("side", [8, 28, 40])
def test_places_in_the_image_of_the_model_are_found_in_the_picture(opened, digits, side):
    X, y = digits
    page = quick(input_size=44).fit(np.resize(X[:60], (60, side * side)), y[:60])
    picture = np.full((200, 150), 255, dtype=np.uint8)
    picture[40:180, 60:110] = 0
    picture[60:180, 60:95] = 255
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    script = """
    const [text, done] = arguments;
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    digitPage.readPicture(new Blob([bytes])).then(({ pixels, toDigit, toPicture }) => {
      const { width, paper, ink } = digitPage.model.image;
      const isInk = (value) => (value - paper) / (ink - paper) > 0.5;
      const inked = [...pixels.keys()].filter((k) => isInk(pixels[k]));
      const ends = (places) => [Math.min(...places), Math.max(...places) + 1];
      const [left, right] = ends(inked.map((k) => k % width));
      const [top, bottom] = ends(inked.map((k) => Math.floor(k / width)));
      done([toPicture(...toDigit(left, top)), toPicture(...toDigit(right, bottom))]);
    });
    """
    content = base64.b64encode(file.getvalue()).decode()
    corners = opened(page).execute_async_script(script, content)
    pixel = 140 / min(side, 20)  # one pixel of the model, in pixels of the picture
    assert np.abs(np.array(corners) - [[60, 40], [110, 180]]).max() <= pixel


def test_small_images_are_filled_by_the_digit(opened, digits):
    X, y = digits
    model = LeNet5Classifier(max_epochs=10, augment=None, random_state=0).fit(X[:1000], y[:1000])
    large = [np.kron(16 - row.reshape(8, 8), np.ones((9, 9))) * 15 for row in X[1000:1100]]
    pictures = [Image.fromarray(page.astype(np.uint8)) for page in large]
    found = read_pictures(opened(model), pictures)
    labels = y[1000:1100].astype(str)
    assert np.mean(np.array([one["label"] for one in found]) == labels) > 0.7


@pytest.fixture
def with_no_digit(images):
    X, y = images
    return quick(max_epochs=5).fit(X, np.array([-1, 0, 1])[y])


def test_the_answer_is_a_question_mark_where_the_net_does_not_know(opened, with_no_digit, images):
    model, rows = with_no_digit, images[0].reshape(len(images[0]), -1)
    model.novelty_threshold_ = float(np.median(model.novelty_score(rows)))
    codes, best = model.predict_proba(rows).argmax(axis=1), model.predict_proba(rows).max(axis=1)
    strange = model.novelty_score(rows) > model.novelty_threshold_
    expected = np.select([codes == 0, best < 0.5, strange], ["no", "unsure", "strange"], "")
    found = read_rows(opened(model), rows)
    begins = {
        "no": "This is no digit, with ",
        "strange": "Perhaps no digit: ",
        "unsure": "Unsure: ",
    }
    assert {"no", "strange", ""} <= set(expected.tolist())
    for one, kind in zip(found, expected, strict=True):
        assert one["answer"] == (one["label"] if kind == "" else "?")
        assert (one["reason"] or "").startswith(begins.get(kind, ""))
    model.temperature_ = 1000.0
    unsure = read_rows(opened(model), rows[codes != 0][:1])[0]
    assert unsure["answer"] == "?"
    assert unsure["reason"].count("%") == 2


@pytest.mark.parametrize("input_size", [32, 40])
def test_a_receptive_field_is_where_the_gradient_is(opened, digits, input_size):
    X, y = digits
    model = quick(activation="identity", pooling="avg", input_size=input_size)
    model.fit(X[:50], y[:50])
    browser, layers = opened(model), model.module_
    field = torch.zeros(1, 1, input_size, input_size, requires_grad=True)
    s2 = layers.s2(layers.c1(field))
    s4 = layers.s4(layers.c3(s2))
    chosen = {0: (layers.c1(field), 3, 5), 1: (s2, 2, 4), 2: (layers.c3(s2), 0, 6), 3: (s4, 1, 3)}
    chosen[4] = (layers.c5(s4), 0, 0)
    for index, (output, y_unit, x_unit) in chosen.items():
        value = output[0, 0, y_unit, x_unit]
        (gradient,) = torch.autograd.grad(value, field, retain_graph=True)
        rows, columns = np.nonzero(gradient[0, 0].numpy())
        expected = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        call = "return receptiveField(digitPage.model.layers, ...arguments)"
        assert browser.execute_script(call, index, y_unit, x_unit) == expected
