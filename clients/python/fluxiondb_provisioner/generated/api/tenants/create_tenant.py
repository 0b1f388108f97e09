from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.create_tenant import CreateTenant
from ...models.problem import Problem
from ...models.tenant import Tenant
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    body: CreateTenant,
    prefer: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(prefer, Unset):
        headers["prefer"] = prefer

    if not isinstance(idempotency_key, Unset):
        headers["idempotency-key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/tenants",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | Tenant:
    if response.status_code == 201:
        response_201 = Tenant.from_dict(response.json())



        return response_201

    if response.status_code == 202:
        response_202 = Tenant.from_dict(response.json())



        return response_202

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())



        return response_409

    if response.status_code == 412:
        response_412 = Problem.from_dict(response.json())



        return response_412

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())



        return response_422

    response_default = Problem.from_dict(response.json())



    return response_default



def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | Tenant]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateTenant,
    prefer: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Response[Problem | Tenant]:
    """ Create a tenant

     Answers as soon as the tenant is promised; the rest goes on by itself. Storage and CPU follow from
    the RAM. Without `apiKey` a key is generated, and shown in this answer only. Needs the scope
    `write`.

    Args:
        prefer (str | Unset):
        idempotency_key (str | Unset):
        body (CreateTenant):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Tenant]
     """


    kwargs = _get_kwargs(
        body=body,
prefer=prefer,
idempotency_key=idempotency_key,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CreateTenant,
    prefer: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Problem | Tenant | None:
    """ Create a tenant

     Answers as soon as the tenant is promised; the rest goes on by itself. Storage and CPU follow from
    the RAM. Without `apiKey` a key is generated, and shown in this answer only. Needs the scope
    `write`.

    Args:
        prefer (str | Unset):
        idempotency_key (str | Unset):
        body (CreateTenant):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Tenant
     """


    return sync_detailed(
        client=client,
body=body,
prefer=prefer,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateTenant,
    prefer: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Response[Problem | Tenant]:
    """ Create a tenant

     Answers as soon as the tenant is promised; the rest goes on by itself. Storage and CPU follow from
    the RAM. Without `apiKey` a key is generated, and shown in this answer only. Needs the scope
    `write`.

    Args:
        prefer (str | Unset):
        idempotency_key (str | Unset):
        body (CreateTenant):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Tenant]
     """


    kwargs = _get_kwargs(
        body=body,
prefer=prefer,
idempotency_key=idempotency_key,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: CreateTenant,
    prefer: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Problem | Tenant | None:
    """ Create a tenant

     Answers as soon as the tenant is promised; the rest goes on by itself. Storage and CPU follow from
    the RAM. Without `apiKey` a key is generated, and shown in this answer only. Needs the scope
    `write`.

    Args:
        prefer (str | Unset):
        idempotency_key (str | Unset):
        body (CreateTenant):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Tenant
     """


    return (await asyncio_detailed(
        client=client,
body=body,
prefer=prefer,
idempotency_key=idempotency_key,

    )).parsed
