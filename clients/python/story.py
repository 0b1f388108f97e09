"""Walks through the life of a database at a running service: PROVISIONER_URL, PROVISIONER_KEY and PROVISIONER_USER say which."""

import os

from fluxiondb_provisioner import ProblemError, Provisioner

user = os.environ["PROVISIONER_USER"]
provisioner = Provisioner(os.environ["PROVISIONER_URL"], os.environ["PROVISIONER_KEY"])


def code_of(call) -> str:
    try:
        call()
    except ProblemError as error:
        return error.code
    return "none"


tenant = provisioner.provision(user, "128Mi", "a-key-of-the-story")
assert tenant.state == "active", tenant
assert code_of(lambda: provisioner.provision(user, "256Mi")) == "tenant-exists"
assert provisioner.plan_ram(user, "192Mi").expected_disruption == "none"
provisioner.update_ram(user, "192Mi")
actual = provisioner.get(user).actual
assert (actual.ram_size, actual.restarts) == ("192Mi", 0), actual
assert user in [one.user_id for one in provisioner.tenants(limit=1)]
provisioner.delete(user)
provisioner.undelete(user)
provisioner.purge(user)
assert code_of(lambda: provisioner.get(user)) == "tenant-not-found"
print("the story in Python has ended well")
