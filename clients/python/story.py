"""Walks through the life of a database at a running service.

PROVISIONER_URL, PROVISIONER_KEY and PROVISIONER_USER say which, and PROVISIONER_DATABASE where the database can be reached from here,
if not at the address that the service tells. Needs ``websockets``.
"""

import json
import os
import threading
import time

from websockets.sync.client import connect

from fluxiondb_provisioner import ProblemError, Provisioner

KEY = "a-key-of-the-story"
# How long (s) each state lasts here: a stream tells of what lasts, and of quicker changes only what came of them.
MOMENT = 1
user = os.environ["PROVISIONER_USER"]
provisioner = Provisioner(os.environ["PROVISIONER_URL"], os.environ["PROVISIONER_KEY"])
states: list[str] = []


def code_of(call) -> str:
    try:
        call()
    except ProblemError as error:
        return error.code
    return "none"


def follow() -> None:
    for event in provisioner.follow(user):
        state = "gone" if event.kind == "deleted" else event.tenant and str(event.tenant.state)
        if state and states[-1:] != [state]:
            states.append(state)


def use(address: str, doc: str) -> None:
    """Inserts a record over the database's own protocol, and reads it back."""
    now = int(time.time() * 1000)
    with connect(f"{address}/?api-key={KEY}") as database:

        def ask(kind: str, data: object) -> dict:
            database.send(json.dumps({"id": kind, "type": kind, "data": json.dumps(data)}))
            while True:
                answer = json.loads(database.recv(timeout=10))
                if answer.get("id") == kind:
                    return answer

        ask("ins", [{"ts": now, "col": "story", "doc": doc, "data": "in Python"}])
        assert doc in ask("qry", {"col": "story", "ts": now})["records"]


tenant = provisioner.provision(user, "128Mi", KEY)
assert tenant.state == "active", tenant
following = threading.Thread(target=follow)
following.start()
assert code_of(lambda: provisioner.provision(user, "256Mi")) == "tenant-exists"
address = os.environ.get("PROVISIONER_DATABASE", tenant.endpoints.internal.url)
use(address, "first")
time.sleep(MOMENT)
assert provisioner.plan_ram(user, "192Mi").expected_disruption == "none"
provisioner.update_ram(user, "192Mi")
actual = provisioner.get(user).actual
assert (actual.ram_size, actual.restarts) == ("192Mi", 0), actual
use(address, "second")
assert user in [one.user_id for one in provisioner.tenants(limit=1)]
for step in (provisioner.delete, provisioner.undelete, provisioner.purge):
    time.sleep(MOMENT)
    step(user)
assert code_of(lambda: provisioner.get(user)) == "tenant-not-found"
following.join()
print("it was told:", " ".join(states))
print("the story in Python has ended well")
