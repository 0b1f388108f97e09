"""What a back end needs of the service."""

import time
from collections.abc import Iterator
from typing import TypeVar

import httpx

from .errors import OperationError, ProblemError
from .follow import StreamEvent, follow
from .generated import AuthenticatedClient
from .generated.api.operations import get_operation
from .generated.api.plans import plan_resize
from .generated.api.tenants import (
    create_tenant,
    delete_tenant,
    get_tenant,
    list_tenants,
    resize_tenant,
    undelete_tenant,
)
from .generated.models import CreateTenant, Operation, Plan, Problem, Resize, Tenant
from .generated.types import UNSET
from .transport import CarefulTransport

T = TypeVar("T")


class Provisioner:
    """Provisions databases by a service at one address, with one credential.

    :param url: such as ``https://provisioner.example.com``
    :param patience: for how long (seconds) a request is sent again while the service cannot do it
    """

    def __init__(
        self,
        url: str,
        credential: str,
        *,
        patience: float = 60,
        look: float = 1,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._look = look
        arguments = {"transport": CarefulTransport(patience, transport)}
        self.client = AuthenticatedClient(base_url=url.rstrip("/"), token=credential, httpx_args=arguments)

    def provision(self, user_id: str, ram_size: str, api_key: str | None = None) -> Tenant:
        """Creates the database of a user and waits until it accepts connections.

        The answer holds the key (``api_key``) if the service has made it: it cannot be read again.

        :raises ProblemError: the service refuses, as for a user who has a database
        :raises OperationError: it could not be made
        """
        body = CreateTenant(user_id=user_id, ram_size=ram_size, api_key=api_key or UNSET)
        created = _is(Tenant, create_tenant.sync(client=self.client, body=body))
        self.wait(created)
        tenant = self.get(user_id)
        tenant.api_key = created.api_key
        return tenant

    def update_ram(self, user_id: str, ram_size: str) -> None:
        """Changes the RAM of a database, without a restart where the cluster can, and waits until it is in force."""
        answer = resize_tenant.sync(user_id, client=self.client, body=Resize(ram_size=ram_size))
        self.wait(_is(Tenant, answer))

    def plan_ram(self, user_id: str, ram_size: str) -> Plan:
        """Says what a change of RAM would do; nothing is changed."""
        return _is(Plan, plan_resize.sync(user_id, client=self.client, body=Resize(ram_size=ram_size)))

    def get(self, user_id: str) -> Tenant:
        """The database of a user as it is now."""
        return _is(Tenant, get_tenant.sync(user_id, client=self.client))

    def tenants(self, **query: object) -> Iterator[Tenant]:
        """Every tenant by user id, page after page as they are asked for; the query is that of ``list_tenants``."""
        cursor: str | None = ""
        while cursor is not None:
            answer = list_tenants.sync(client=self.client, cursor=cursor, **query)  # type: ignore[arg-type]
            if answer is None or isinstance(answer, Problem):
                raise _failure(answer)
            yield from answer.items
            cursor = answer.next_cursor

    def follow(self, user_id: str | None = None) -> Iterator[StreamEvent]:
        """Every tenant as it is, then each that changes. It goes on where it was when the connection ends.

        With a ``user_id`` it is about that tenant only, and ends once it is gone.

        :raises ProblemError: the service refuses
        """
        return follow(self.client, user_id, self._look)

    def delete(self, user_id: str) -> None:
        """Stops a database and keeps its data, and waits until it has stopped."""
        self.wait(_is(Tenant, delete_tenant.sync(user_id, client=self.client)))

    def undelete(self, user_id: str) -> None:
        """Brings a deleted database back with its data, and waits until it accepts connections."""
        self.wait(_is(Tenant, undelete_tenant.sync(user_id, client=self.client)))

    def purge(self, user_id: str) -> None:
        """Removes a database with all of its data for good, and waits until it is gone."""
        answer = delete_tenant.sync(user_id, client=self.client, purge=True)
        if isinstance(answer, Problem):
            raise ProblemError(answer)
        while True:
            try:
                self.get(user_id)
            except ProblemError as error:
                if error.code == "tenant-not-found":
                    return
                raise
            time.sleep(self._look)

    def wait(self, tenant: Tenant) -> Operation:
        """Waits until the operation in the answer to a write has ended, and gives it with what it did.

        :raises OperationError: it failed, or a newer one took its place
        """
        while True:
            answer = get_operation.sync(tenant.user_id, tenant.operation.id, client=self.client)
            operation = _is(Operation, answer)
            if operation.state == "succeeded":
                return operation
            if operation.state != "running":
                raise OperationError(operation)
            time.sleep(self._look)


def _is(kind: type[T], answer: object) -> T:
    if isinstance(answer, kind):
        return answer
    raise _failure(answer)


def _failure(answer: object) -> Exception:
    if isinstance(answer, Problem):
        return ProblemError(answer)
    return RuntimeError(f"the service gave no answer that this client knows: {type(answer).__name__}")
