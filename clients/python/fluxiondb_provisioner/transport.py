"""The chores of a client, below every call."""

import random
import time
import uuid

import httpx

_FIRST_WAIT = 0.2
_LONGEST_WAIT = 5.0
_PASSING = (429, 503)


class CarefulTransport(httpx.BaseTransport):
    """Gives each write an ``Idempotency-Key``, and sends again what got no answer, and what the service cannot do now (429, 503), when it says.

    ``patience``: for how long (seconds); 0: never.
    """

    def __init__(self, patience: float, inner: httpx.BaseTransport | None = None) -> None:
        self._patience = patience
        self._inner = inner or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET" and "idempotency-key" not in request.headers:
            request.headers["idempotency-key"] = str(uuid.uuid4())
        give_up_at = time.monotonic() + self._patience
        wait = _FIRST_WAIT
        while True:
            failure: httpx.TransportError | None = None
            answer: httpx.Response | None = None
            try:
                answer = self._inner.handle_request(request)
                if answer.status_code not in _PASSING:
                    return answer
            except httpx.TransportError as error:
                failure = error
            pause = _pause_of(answer, wait)
            if time.monotonic() + pause > give_up_at:
                if failure is not None:
                    raise failure
                assert answer is not None
                return answer
            if answer is not None:
                answer.close()
            time.sleep(pause)
            wait = min(2 * wait, _LONGEST_WAIT)

    def close(self) -> None:
        self._inner.close()


def _pause_of(answer: httpx.Response | None, wait: float) -> float:
    """What the service says, else about as long as this."""
    told = "" if answer is None else answer.headers.get("retry-after", "")
    return float(told) if told.isdigit() and told != "0" else wait * random.uniform(0.5, 1)
