from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.list_tenants_state import ListTenantsState
from ...models.problem import Problem
from ...models.tenant_list import TenantList
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,
    state: ListTenantsState | Unset = UNSET,
    plan: str | Unset = UNSET,
    label: list[str] | Unset = UNSET,
    include_deleted: bool | Unset = False,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state.value

    params["state"] = json_state

    params["plan"] = plan

    json_label: list[str] | Unset = UNSET
    if not isinstance(label, Unset):
        json_label = label


    params["label"] = json_label

    params["includeDeleted"] = include_deleted


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/tenants",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | TenantList:
    if response.status_code == 200:
        response_200 = TenantList.from_dict(response.json())



        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    response_default = Problem.from_dict(response.json())



    return response_default



def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | TenantList]:
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
    state: ListTenantsState | Unset = UNSET,
    plan: str | Unset = UNSET,
    label: list[str] | Unset = UNSET,
    include_deleted: bool | Unset = False,

) -> Response[Problem | TenantList]:
    """ List tenants

     In the order of their ids. Filters narrow the list, and `nextCursor` leads to the next page, also
    while tenants come and go. Needs the scope `read`.

    Args:
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):
        state (ListTenantsState | Unset):
        plan (str | Unset):
        label (list[str] | Unset):
        include_deleted (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TenantList]
     """


    kwargs = _get_kwargs(
        limit=limit,
cursor=cursor,
state=state,
plan=plan,
label=label,
include_deleted=include_deleted,

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
    state: ListTenantsState | Unset = UNSET,
    plan: str | Unset = UNSET,
    label: list[str] | Unset = UNSET,
    include_deleted: bool | Unset = False,

) -> Problem | TenantList | None:
    """ List tenants

     In the order of their ids. Filters narrow the list, and `nextCursor` leads to the next page, also
    while tenants come and go. Needs the scope `read`.

    Args:
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):
        state (ListTenantsState | Unset):
        plan (str | Unset):
        label (list[str] | Unset):
        include_deleted (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TenantList
     """


    return sync_detailed(
        client=client,
limit=limit,
cursor=cursor,
state=state,
plan=plan,
label=label,
include_deleted=include_deleted,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,
    state: ListTenantsState | Unset = UNSET,
    plan: str | Unset = UNSET,
    label: list[str] | Unset = UNSET,
    include_deleted: bool | Unset = False,

) -> Response[Problem | TenantList]:
    """ List tenants

     In the order of their ids. Filters narrow the list, and `nextCursor` leads to the next page, also
    while tenants come and go. Needs the scope `read`.

    Args:
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):
        state (ListTenantsState | Unset):
        plan (str | Unset):
        label (list[str] | Unset):
        include_deleted (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TenantList]
     """


    kwargs = _get_kwargs(
        limit=limit,
cursor=cursor,
state=state,
plan=plan,
label=label,
include_deleted=include_deleted,

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
    state: ListTenantsState | Unset = UNSET,
    plan: str | Unset = UNSET,
    label: list[str] | Unset = UNSET,
    include_deleted: bool | Unset = False,

) -> Problem | TenantList | None:
    """ List tenants

     In the order of their ids. Filters narrow the list, and `nextCursor` leads to the next page, also
    while tenants come and go. Needs the scope `read`.

    Args:
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):
        state (ListTenantsState | Unset):
        plan (str | Unset):
        label (list[str] | Unset):
        include_deleted (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TenantList
     """


    return (await asyncio_detailed(
        client=client,
limit=limit,
cursor=cursor,
state=state,
plan=plan,
label=label,
include_deleted=include_deleted,

    )).parsed
