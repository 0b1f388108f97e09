from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.adoption import Adoption
from ...models.problem import Problem
from ...models.tenant import Tenant
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    id: str,
    *,
    dry_run: bool | Unset = False,
    prefer: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(prefer, Unset):
        headers["prefer"] = prefer

    if not isinstance(idempotency_key, Unset):
        headers["idempotency-key"] = idempotency_key

    if not isinstance(if_match, Unset):
        headers["if-match"] = if_match

    if not isinstance(if_none_match, Unset):
        headers["if-none-match"] = if_none_match



    

    params: dict[str, Any] = {}

    params["dryRun"] = dry_run


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/tenants/{id}/adopt".format(id=quote(str(id), safe=""),),
        "params": params,
    }


    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Adoption | Tenant | Problem | Tenant:
    if response.status_code == 200:
        def _parse_response_200(data: object) -> Adoption | Tenant:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_type_0 = Tenant.from_dict(data)



                return response_200_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            response_200_type_1 = Adoption.from_dict(data)



            return response_200_type_1

        response_200 = _parse_response_200(response.json())

        return response_200

    if response.status_code == 202:
        response_202 = Tenant.from_dict(response.json())



        return response_202

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())



        return response_404

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



def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Adoption | Tenant | Problem | Tenant]:
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
    dry_run: bool | Unset = False,
    prefer: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> Response[Adoption | Tenant | Problem | Tenant]:
    """ Take over what Helm has installed, without a restart

     Makes a release of the original chart, or of the instance chart, a tenant of this service: the same
    pod, data, key and address. An operator has to allow it by a label on its namespace first. Needs the
    scope `admin`.

    Args:
        id (str):
        dry_run (bool | Unset):  Default: False.
        prefer (str | Unset):
        idempotency_key (str | Unset):
        if_match (str | Unset):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Adoption | Tenant | Problem | Tenant]
     """


    kwargs = _get_kwargs(
        id=id,
dry_run=dry_run,
prefer=prefer,
idempotency_key=idempotency_key,
if_match=if_match,
if_none_match=if_none_match,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    dry_run: bool | Unset = False,
    prefer: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> Adoption | Tenant | Problem | Tenant | None:
    """ Take over what Helm has installed, without a restart

     Makes a release of the original chart, or of the instance chart, a tenant of this service: the same
    pod, data, key and address. An operator has to allow it by a label on its namespace first. Needs the
    scope `admin`.

    Args:
        id (str):
        dry_run (bool | Unset):  Default: False.
        prefer (str | Unset):
        idempotency_key (str | Unset):
        if_match (str | Unset):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Adoption | Tenant | Problem | Tenant
     """


    return sync_detailed(
        id=id,
client=client,
dry_run=dry_run,
prefer=prefer,
idempotency_key=idempotency_key,
if_match=if_match,
if_none_match=if_none_match,

    ).parsed

async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    dry_run: bool | Unset = False,
    prefer: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> Response[Adoption | Tenant | Problem | Tenant]:
    """ Take over what Helm has installed, without a restart

     Makes a release of the original chart, or of the instance chart, a tenant of this service: the same
    pod, data, key and address. An operator has to allow it by a label on its namespace first. Needs the
    scope `admin`.

    Args:
        id (str):
        dry_run (bool | Unset):  Default: False.
        prefer (str | Unset):
        idempotency_key (str | Unset):
        if_match (str | Unset):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Adoption | Tenant | Problem | Tenant]
     """


    kwargs = _get_kwargs(
        id=id,
dry_run=dry_run,
prefer=prefer,
idempotency_key=idempotency_key,
if_match=if_match,
if_none_match=if_none_match,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    dry_run: bool | Unset = False,
    prefer: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> Adoption | Tenant | Problem | Tenant | None:
    """ Take over what Helm has installed, without a restart

     Makes a release of the original chart, or of the instance chart, a tenant of this service: the same
    pod, data, key and address. An operator has to allow it by a label on its namespace first. Needs the
    scope `admin`.

    Args:
        id (str):
        dry_run (bool | Unset):  Default: False.
        prefer (str | Unset):
        idempotency_key (str | Unset):
        if_match (str | Unset):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Adoption | Tenant | Problem | Tenant
     """


    return (await asyncio_detailed(
        id=id,
client=client,
dry_run=dry_run,
prefer=prefer,
idempotency_key=idempotency_key,
if_match=if_match,
if_none_match=if_none_match,

    )).parsed
