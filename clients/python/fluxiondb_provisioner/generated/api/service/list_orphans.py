from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.orphan_list import OrphanList
from ...models.problem import Problem
from typing import cast



def _get_kwargs(
    
) -> dict[str, Any]:
    

    

    

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/admin/orphans",
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> OrphanList | Problem:
    if response.status_code == 200:
        response_200 = OrphanList.from_dict(response.json())



        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    response_default = Problem.from_dict(response.json())



    return response_default



def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[OrphanList | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,

) -> Response[OrphanList | Problem]:
    """ List what is left of tenants and belongs to none

     Disks that the reclaim policy has kept after a purge, namespaces that lost their record, and what a
    create left that was cut off: with what they cost in storage, and how each is made use of or
    removed. What belongs to a tenant is never on this list, suspended and deleted ones included. Needs
    the scope `admin`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OrphanList | Problem]
     """


    kwargs = _get_kwargs(
        
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient | Client,

) -> OrphanList | Problem | None:
    """ List what is left of tenants and belongs to none

     Disks that the reclaim policy has kept after a purge, namespaces that lost their record, and what a
    create left that was cut off: with what they cost in storage, and how each is made use of or
    removed. What belongs to a tenant is never on this list, suspended and deleted ones included. Needs
    the scope `admin`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OrphanList | Problem
     """


    return sync_detailed(
        client=client,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,

) -> Response[OrphanList | Problem]:
    """ List what is left of tenants and belongs to none

     Disks that the reclaim policy has kept after a purge, namespaces that lost their record, and what a
    create left that was cut off: with what they cost in storage, and how each is made use of or
    removed. What belongs to a tenant is never on this list, suspended and deleted ones included. Needs
    the scope `admin`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OrphanList | Problem]
     """


    kwargs = _get_kwargs(
        
    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient | Client,

) -> OrphanList | Problem | None:
    """ List what is left of tenants and belongs to none

     Disks that the reclaim policy has kept after a purge, namespaces that lost their record, and what a
    create left that was cut off: with what they cost in storage, and how each is made use of or
    removed. What belongs to a tenant is never on this list, suspended and deleted ones included. Needs
    the scope `admin`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OrphanList | Problem
     """


    return (await asyncio_detailed(
        client=client,

    )).parsed
