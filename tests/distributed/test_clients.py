import pytest
from distributed import Client
from helpers import exactly

from sklearn_lenet.distributed._clients import latest_client, the_client


def test_a_client_is_needed():
    with pytest.raises(ValueError, match=exactly(
        "A needs a Dask client, and there is none: create one, "
        "client = distributed.Client(...), or pass client=."
    )):  # fmt: skip
        the_client(None, "A")


def test_an_asynchronous_client_is_refused():
    class Asynchronous:
        asynchronous = True

    with pytest.raises(ValueError, match=exactly(
        "A got a client with asynchronous=True: use a client without it, or run fit in a thread."
    )):  # fmt: skip
        the_client(Asynchronous(), "A")


def test_the_default_client_is_that_of_the_process():
    assert latest_client() is None
    with Client(processes=False, dashboard_address="127.0.0.1:0") as client:
        assert latest_client() is client
        assert the_client(None, "A") is client
