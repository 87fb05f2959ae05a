"""How the page is used in a browser: drawing, files, keys, small screens, accessibility."""

import numpy as np
import pytest
from helpers import quick
from PIL import Image

from sklearn_lenet import DenseDigitClassifier

pytestmark = pytest.mark.xdist_group("browser")

SEVEN = [(0.3, 0.2), (0.5, 0.2), (0.7, 0.2), (0.6, 0.45), (0.5, 0.65), (0.45, 0.85)]
"""The points of a drawn 7, as shares of the drawing area."""

SEEN = "return document.getElementById(arguments[0]).textContent"


def seen(browser, name):
    """Return the text of an element by its id."""
    return browser.execute_script(SEEN, name)


def draw(browser, points):
    """Draw a stroke with the mouse, as a user does."""
    from selenium.webdriver.common.actions.action_builder import ActionBuilder

    area = browser.find_element("id", "drawing")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", area)
    side = area.rect["width"]
    actions = ActionBuilder(browser, duration=10)
    for k, (x, y) in enumerate(points):
        actions.pointer_action.move_to(area, int((x - 0.5) * side), int((y - 0.5) * side))
        if k == 0:
            actions.pointer_action.pointer_down()
    actions.pointer_action.pointer_up()
    actions.perform()


def press(browser, element, keys):
    browser.execute_script("arguments[0].focus()", element)
    element.send_keys(keys)


def has_answer(browser):
    return lambda: "%" in seen(browser, "reason")


def says(browser, sentence):
    return lambda: seen(browser, "file-note") == sentence


def is_blank(browser):
    return lambda: seen(browser, "reason").startswith("Draw a digit")


def emulate(browser, width=1200, height=1000, scheme="light"):
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})


def test_an_empty_drawing_has_no_answer(page, eventually):
    eventually(is_blank(page))
    assert seen(page, "answer") == "?"
    assert not page.find_element("id", "clear").is_enabled()


def test_a_drawing_has_an_answer_steps_and_maps_and_can_be_undone(page, eventually):
    draw(page, SEVEN)
    eventually(has_answer(page))
    assert seen(page, "answer") in [*"0123456789", "?"]
    shares = [text for text in seen(page, "bars").replace("%", "%\n").splitlines() if text.strip()]
    assert len(shares) == 10
    names = [cell.text for cell in page.find_elements("css selector", "tbody th")]
    assert names == ["Picture", "Ink", "Mask", "Strokes", "MNIST's form", "Net's input"]
    first = page.execute_script(SEEN, "bars")
    draw(page, [(0.3, 0.55), (0.75, 0.5)])
    eventually(lambda: seen(page, "bars") != first)
    page.find_element("id", "undo").click()
    eventually(lambda: seen(page, "bars") == first)
    heights = "return [...document.querySelectorAll('#bars li')].map((row) => row.clientHeight)"
    widest = "const best = document.querySelector('.best .share'); best.textContent = '100.0 %';"
    assert len(set(page.execute_script(widest + heights))) == 1  # no share needs two lines
    page.find_element("id", "clear").click()
    eventually(is_blank(page))
    assert not page.find_element("id", "steps").is_displayed()


def test_a_finger_draws_and_does_not_scroll(page, eventually):
    emulate(page, 360, 640)
    area = page.find_element("id", "drawing")
    page.execute_script("scrollTo(0, 60)")
    box = page.execute_script("return arguments[0].getBoundingClientRect().toJSON()", area)
    touches = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN]
    kinds = ["touchStart"] + ["touchMove"] * (len(touches) - 1)
    for kind, (x, y) in zip(kinds, touches, strict=True):
        touch = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
        page.execute_cdp_cmd("Input.dispatchTouchEvent", touch)
    page.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    eventually(has_answer(page))
    assert page.execute_script("return scrollY") == 60


def test_the_keyboard_draws_undoes_and_clears(page, eventually):
    from selenium.webdriver.common.keys import Keys

    area = page.find_element("id", "drawing")
    press(page, area, " " + Keys.ARROW_DOWN * 20 + " ")
    eventually(has_answer(page))
    one = seen(page, "bars")
    press(page, area, Keys.ARROW_RIGHT * 6 + " " + Keys.ARROW_UP * 15 + " ")
    eventually(lambda: seen(page, "bars") != one)
    press(page, area, Keys.CONTROL + "z")
    eventually(lambda: seen(page, "bars") == one)
    press(page, area, Keys.DELETE)
    eventually(is_blank(page))


def test_the_answer_is_spoken_once_the_drawing_rests(page, eventually):
    draw(page, SEVEN)
    eventually(lambda: seen(page, "reason") in seen(page, "spoken"))
    assert page.find_element("id", "spoken").get_attribute("role") == "status"


def test_a_unit_shows_its_weights_and_what_it_sees(page, eventually):
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.keys import Keys

    draw(page, SEVEN)
    eventually(has_answer(page))
    maps = page.find_elements("css selector", "figure canvas")
    assert len(maps) == 6
    before = page.execute_script("return document.getElementById('drawing').toDataURL()")
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", maps[2])
    ActionChains(page).move_to_element_with_offset(maps[2], 20, 10).perform()
    eventually(lambda: seen(page, "unit-title").startswith("C3, map "))
    assert "14x14 pixels" in seen(page, "unit-value")
    assert "6 kernels, one for each map, of 5x5" in seen(page, "unit-note")
    assert page.find_element("id", "unit-weights").is_displayed()
    after = page.execute_script("return document.getElementById('drawing').toDataURL()")
    assert after != before  # the receptive field is marked
    press(page, maps[0], Keys.ARROW_RIGHT * 2 + Keys.ARROW_DOWN + Keys.SHIFT + Keys.ARROW_RIGHT)
    assert seen(page, "unit-title") == "C1, map 2, row 2, column 3"
    press(page, maps[5], Keys.ARROW_RIGHT)
    assert seen(page, "unit-title") == "F6, unit 2"
    press(page, maps[1], "")
    assert seen(page, "unit-note").startswith("No weights: the largest of 2x2")


def test_a_dense_net_has_no_maps(opened, digits, eventually):
    X, y = digits
    browser = opened(quick(DenseDigitClassifier).fit(X[:50], y[:50]))
    draw(browser, SEVEN)
    eventually(has_answer(browser))
    assert not browser.find_element("id", "inside").is_displayed()


def test_labels_of_any_kind_are_shown(opened, digits, eventually):
    X, y = digits
    labels = np.array(["</script>", "<b>x</b>", "ünï ✓", "a long label in five words"])
    browser = opened(quick().fit(X[:200], labels[y[:200] % 4]))
    draw(browser, SEVEN)
    eventually(has_answer(browser))
    shown = [label.text for label in browser.find_elements("css selector", "#bars .label")]
    assert shown == sorted(labels)


def files_for(folder):
    """Write files that are given to the page; return their paths and what the page says."""
    rng = np.random.default_rng(0)
    photo = np.full((4000, 6000, 3), 235, dtype=np.uint8)
    photo[800:3200, 2900:3200] = 40
    photo[::9, ::7] = rng.integers(0, 255, 3)
    Image.fromarray(photo).save(folder / "photo.jpg", quality=70)
    (folder / "notes.txt").write_text("no picture")
    (folder / "empty.png").write_bytes(b"")
    (folder / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    Image.new("L", (50, 50), 200).save(folder / "blank.png")
    unreadable = "is not a picture that this browser opens; choose a PNG or JPEG file."
    return {
        "notes.txt": f"notes.txt {unreadable}",
        "empty.png": "empty.png is empty: it has 0 bytes.",
        "cut.png": f"cut.png {unreadable}",
        "blank.png": "blank.png has 50x50 pixels.",
        "photo.jpg": "photo.jpg has 6000x4000 pixels; it is read at 1024x683.",
    }


def test_any_file_gets_a_sentence_and_the_page_stays_responsive(page, tmp_path, eventually):
    page.execute_script(
        "let last = performance.now(); window.longest = 0; setInterval(() => {"
        "const now = performance.now(); longest = Math.max(longest, now - last); last = now }, 10)"
    )
    for name, sentence in files_for(tmp_path).items():
        page.find_element("id", "file").send_keys(str(tmp_path / name))
        eventually(says(page, sentence), 20)
        if name == "blank.png":
            eventually(lambda: seen(page, "reason").startswith("The picture is blank"))
    eventually(has_answer(page))
    assert page.execute_script("return longest") < 3000
    page.find_element("id", "undo").click()
    eventually(is_blank(page))
    assert seen(page, "file-note") == ""


def test_a_picture_can_be_dropped_and_pasted(page, eventually):
    drop = """
    const [kind, empty] = arguments;
    const canvas = new OffscreenCanvas(60, 60);
    const context = canvas.getContext("2d");
    context.fillStyle = "white"; context.fillRect(0, 0, 60, 60);
    context.fillStyle = "black"; context.fillRect(27, 10, 6, 40);
    canvas.convertToBlob().then((blob) => {
      const transfer = new DataTransfer();
      if (!empty) transfer.items.add(new File([blob], "one.png", { type: "image/png" }));
      const event = kind === "drop"
        ? new DragEvent(kind, { dataTransfer: transfer, cancelable: true })
        : new ClipboardEvent(kind, { clipboardData: transfer, cancelable: true });
      document.dispatchEvent(event);
    });
    """
    for kind in ("drop", "paste"):
        page.execute_script(drop, kind, False)
        eventually(has_answer(page))
        assert seen(page, "file-note") == "one.png has 60x60 pixels."
        page.find_element("id", "clear").click()
        eventually(is_blank(page))
    page.execute_script(drop, "drop", True)
    eventually(lambda: seen(page, "file-note") == "This is no file; drop a picture file.")


CUT_OFF = """
return [...document.querySelectorAll("body *")].filter((element) => {
  const box = element.getBoundingClientRect();
  if (element.classList.contains("spoken") || !box.width) return false;
  const hides = getComputedStyle(element).overflow !== "visible" && element.id !== "unit";
  return box.left < 0 || box.right > innerWidth + 0.5
    || (hides && element.scrollWidth > element.clientWidth + 1);
}).map((element) => element.outerHTML.slice(0, 80));
"""


@pytest.mark.parametrize("width", [320, 360, 800])
def test_a_narrow_screen_cuts_nothing_off(page, eventually, width):
    from selenium.webdriver.common.keys import Keys

    emulate(page, width, 640)
    page.refresh()
    for _ in range(2):  # the empty page, then one with all its parts
        assert page.execute_script("return document.documentElement.scrollWidth") <= width
        assert page.execute_script(CUT_OFF) == []
        draw(page, SEVEN)
        eventually(has_answer(page))
        press(page, page.find_elements("css selector", "figure canvas")[2], Keys.ARROW_RIGHT)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(page, eventually, scheme):
    axe = pytest.importorskip("axe_core_python.selenium", reason="needs axe-core-python").Axe()
    emulate(page, scheme=scheme)
    ground = page.execute_script(
        "return getComputedStyle(document.documentElement).backgroundColor"
    )
    assert ground == {"light": "rgb(246, 245, 241)", "dark": "rgb(20, 22, 25)"}[scheme]
    for _ in range(2):  # the empty page, then one with all its parts
        results = axe.run(page)
        assert len(results["passes"]) > 15
        assert [(one["id"], one["nodes"][0]["html"]) for one in results["violations"]] == []
        draw(page, SEVEN)
        eventually(has_answer(page))
        press(page, page.find_elements("css selector", "figure canvas")[2], "")
