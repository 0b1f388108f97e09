from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    id: str,
    *,
    tail: int | Unset = 100,
    since: int | Unset = UNSET,
    previous: bool | Unset = False,
    follow: bool | Unset = False,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["tail"] = tail

    params["since"] = since

    params["previous"] = previous

    params["follow"] = follow


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/tenants/{id}/logs".format(id=quote(str(id), safe=""),),
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | str:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())



        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())



        return response_409

    response_default = Problem.from_dict(response.json())



    return response_default



def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    tail: int | Unset = 100,
    since: int | Unset = UNSET,
    previous: bool | Unset = False,
    follow: bool | Unset = False,

) -> Response[Problem | str]:
    """ Get what a database has written, each line with its time

     Oldest first. Keys are replaced. With `follow` the answer goes on until the container ends. Needs
    the scope `logs`.

    Args:
        id (str):
        tail (int | Unset):  Default: 100.
        since (int | Unset):
        previous (bool | Unset):  Default: False.
        follow (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | str]
     """


    kwargs = _get_kwargs(
        id=id,
tail=tail,
since=since,
previous=previous,
follow=follow,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    tail: int | Unset = 100,
    since: int | Unset = UNSET,
    previous: bool | Unset = False,
    follow: bool | Unset = False,

) -> Problem | str | None:
    """ Get what a database has written, each line with its time

     Oldest first. Keys are replaced. With `follow` the answer goes on until the container ends. Needs
    the scope `logs`.

    Args:
        id (str):
        tail (int | Unset):  Default: 100.
        since (int | Unset):
        previous (bool | Unset):  Default: False.
        follow (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | str
     """


    return sync_detailed(
        id=id,
client=client,
tail=tail,
since=since,
previous=previous,
follow=follow,

    ).parsed

async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    tail: int | Unset = 100,
    since: int | Unset = UNSET,
    previous: bool | Unset = False,
    follow: bool | Unset = False,

) -> Response[Problem | str]:
    """ Get what a database has written, each line with its time

     Oldest first. Keys are replaced. With `follow` the answer goes on until the container ends. Needs
    the scope `logs`.

    Args:
        id (str):
        tail (int | Unset):  Default: 100.
        since (int | Unset):
        previous (bool | Unset):  Default: False.
        follow (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | str]
     """


    kwargs = _get_kwargs(
        id=id,
tail=tail,
since=since,
previous=previous,
follow=follow,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    tail: int | Unset = 100,
    since: int | Unset = UNSET,
    previous: bool | Unset = False,
    follow: bool | Unset = False,

) -> Problem | str | None:
    """ Get what a database has written, each line with its time

     Oldest first. Keys are replaced. With `follow` the answer goes on until the container ends. Needs
    the scope `logs`.

    Args:
        id (str):
        tail (int | Unset):  Default: 100.
        since (int | Unset):
        previous (bool | Unset):  Default: False.
        follow (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | str
     """


    return (await asyncio_detailed(
        id=id,
client=client,
tail=tail,
since=since,
previous=previous,
follow=follow,

    )).parsed
