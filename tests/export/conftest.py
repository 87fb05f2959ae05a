"""A browser for the tests of the page, and a page that is open in it."""

import shutil
import time

import pytest
from sklearn.datasets import load_digits

from sklearn_lenet import LeNet5Classifier, export_page

MISSING = "needs chromium and chromedriver (Debian's packages chromium and chromium-driver)"


@pytest.fixture(scope="session")
def chromium():
    """A headless chromium."""
    webdriver = pytest.importorskip(
        "selenium.webdriver", reason="needs selenium, of the extra test"
    )
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip(MISSING)
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-first-run"):
        options.add_argument(argument)
    options.add_argument("--disable-background-networking")
    options.add_argument("--window-size=1200,1000")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = webdriver.Chrome(options, webdriver.ChromeService(driver))
    chrome.set_script_timeout(60)
    yield chrome
    chrome.quit()


@pytest.fixture
def browser(chromium):
    """The browser in its usual state; no page may write a message to its console."""
    yield chromium
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert chromium.get_log("browser") == []


@pytest.fixture
def opened(browser, tmp_path):
    """A function that writes the page of a model and opens it from disk."""

    def open_page(model):
        path = tmp_path / "page.html"
        export_page(model, path)
        browser.get(path.as_uri())
        return browser

    return open_page


@pytest.fixture(scope="session")
def plain():
    """A LeNet-5 that has seen a few digits of 8x8 pixels; do not change it."""
    X, y = load_digits(return_X_y=True)
    return LeNet5Classifier(max_epochs=3, augment=None, random_state=0).fit(X[:500], y[:500])


@pytest.fixture
def page(opened, plain):
    """The page of the plain model."""
    return opened(plain)


@pytest.fixture
def eventually():
    """A function that waits until another one returns something true, and returns that."""

    def wait(condition, seconds=10):
        end = time.monotonic() + seconds
        while not (value := condition()):
            assert time.monotonic() < end, "the page did not change in time"
            time.sleep(0.05)
        return value

    return wait
