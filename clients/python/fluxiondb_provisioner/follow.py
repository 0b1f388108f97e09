"""Server-sent events of tenants, over as many connections as it takes."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import httpx

from .errors import ProblemError
from .generated import AuthenticatedClient
from .generated.models import Problem, Tenant

# A service that says nothing for so long (seconds), not even that it lives, is asked anew.
_SILENCE = 45.0


@dataclass(frozen=True)
class StreamEvent:
    """What a stream tells.

    ``tenant``: a tenant as it is now. ``deleted``: one that is gone. ``synced``: every tenant has been told. ``resync``: every
    tenant is told anew, and one that does not come again is gone.
    """

    kind: Literal["tenant", "deleted", "synced", "resync"]
    user_id: str | None = None
    tenant: Tenant | None = None


def follow(client: AuthenticatedClient, user_id: str | None, look: float) -> Iterator[StreamEvent]:
    """See ``Provisioner.follow``. ``look``: the pause (seconds) between two connections."""
    path = "/stream" if user_id is None else f"/tenants/{quote(user_id, safe='')}/stream"
    last_event_id = ""
    while True:
        headers = {"last-event-id": last_event_id} if last_event_id else {}
        timeout = httpx.Timeout(10.0, read=_SILENCE)
        try:
            with client.get_httpx_client().stream("GET", path, headers=headers, timeout=timeout) as answer:
                _raise_refusal(answer)
                for fields in _events(answer.iter_lines() if answer.is_success else ()):
                    event = _event(fields)
                    if event is None:
                        continue
                    last_event_id = fields.get("id", last_event_id)
                    yield event
                    if event.kind == "deleted" and event.user_id == user_id:
                        return
        except httpx.TransportError:
            pass  # It was cut off, or could not be had: it is asked for again.
        time.sleep(look)


def _raise_refusal(answer: httpx.Response) -> None:
    """A service that has too much to do, or no cluster, is asked again; any other refusal stays one."""
    if answer.is_success or answer.status_code == 429 or answer.status_code >= 500:
        return
    answer.read()
    raise ProblemError(Problem.from_dict(answer.json()))


def _events(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        else:
            yield fields
            fields = {}


def _event(fields: dict[str, str]) -> StreamEvent | None:
    match fields.get("event"):
        case "tenant":
            tenant = Tenant.from_dict(json.loads(fields["data"]))
            return StreamEvent("tenant", tenant.user_id, tenant)
        case "deleted":
            return StreamEvent("deleted", json.loads(fields["data"])["userId"])
        case "synced":
            return StreamEvent("synced")
        case "resync":
            return StreamEvent("resync")
        case _:
            return None
