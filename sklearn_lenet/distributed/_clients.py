"""Which client of Dask a function uses."""

from __future__ import annotations

from typing import Any


def latest_client() -> Any:
    """Return the default client of this process; None if there is none."""
    from distributed import default_client

    try:
        return default_client()
    except ValueError:
        return None


def the_client(client: Any, who: str) -> Any:
    """Return a client, or the default client of this process."""
    if client is None:
        client = latest_client()
    if client is None:
        raise ValueError(
            f"{who} needs a Dask client, and there is none: create one, "
            "client = distributed.Client(...), or pass client=."
        )
    if client.asynchronous:
        raise ValueError(
            f"{who} got a client with asynchronous=True: use a client without it, or run fit in "
            "a thread."
        )
    return client
