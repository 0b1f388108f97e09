from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.list_newest_operations_state import ListNewestOperationsState
from ...models.list_newest_operations_type import ListNewestOperationsType
from ...models.problem import Problem
from ...models.tenant_operation_list import TenantOperationList
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,
    state: ListNewestOperationsState | Unset = UNSET,
    type_: ListNewestOperationsType | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state.value

    params["state"] = json_state

    json_type_: str | Unset = UNSET
    if not isinstance(type_, Unset):
        json_type_ = type_.value

    params["type"] = json_type_


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/operations",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | TenantOperationList:
    if response.status_code == 200:
        response_200 = TenantOperationList.from_dict(response.json())



        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    response_default = Problem.from_dict(response.json())



    return response_default



def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | TenantOperationList]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,
    state: ListNewestOperationsState | Unset = UNSET,
    type_: ListNewestOperationsType | Unset = UNSET,

) -> Response[Problem | TenantOperationList]:
    """ List the newest operation of each tenant

     One operation for each tenant, the newest. Filters find those that run or have failed. Needs the
    scope `read`.

    Args:
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):
        state (ListNewestOperationsState | Unset):
        type_ (ListNewestOperationsType | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TenantOperationList]
     """


    kwargs = _get_kwargs(
        limit=limit,
cursor=cursor,
state=state,
type_=type_,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,
    state: ListNewestOperationsState | Unset = UNSET,
    type_: ListNewestOperationsType | Unset = UNSET,

) -> Problem | TenantOperationList | None:
    """ List the newest operation of each tenant

     One operation for each tenant, the newest. Filters find those that run or have failed. Needs the
    scope `read`.

    Args:
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):
        state (ListNewestOperationsState | Unset):
        type_ (ListNewestOperationsType | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TenantOperationList
     """


    return sync_detailed(
        client=client,
limit=limit,
cursor=cursor,
state=state,
type_=type_,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,
    state: ListNewestOperationsState | Unset = UNSET,
    type_: ListNewestOperationsType | Unset = UNSET,

) -> Response[Problem | TenantOperationList]:
    """ List the newest operation of each tenant

     One operation for each tenant, the newest. Filters find those that run or have failed. Needs the
    scope `read`.

    Args:
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):
        state (ListNewestOperationsState | Unset):
        type_ (ListNewestOperationsType | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TenantOperationList]
     """


    kwargs = _get_kwargs(
        limit=limit,
cursor=cursor,
state=state,
type_=type_,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,
    state: ListNewestOperationsState | Unset = UNSET,
    type_: ListNewestOperationsType | Unset = UNSET,

) -> Problem | TenantOperationList | None:
    """ List the newest operation of each tenant

     One operation for each tenant, the newest. Filters find those that run or have failed. Needs the
    scope `read`.

    Args:
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):
        state (ListNewestOperationsState | Unset):
        type_ (ListNewestOperationsType | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TenantOperationList
     """


    return (await asyncio_detailed(
        client=client,
limit=limit,
cursor=cursor,
state=state,
type_=type_,

    )).parsed
