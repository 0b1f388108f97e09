from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="IngressTls")



@_attrs_define
class IngressTls:
    """ 
        Attributes:
            hosts (list[str]):
            secret_name (str | Unset):
     """

    hosts: list[str]
    secret_name: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        hosts = self.hosts



        secret_name = self.secret_name


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "hosts": hosts,
        })
        if secret_name is not UNSET:
            field_dict["secretName"] = secret_name

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        hosts = cast(list[str], d.pop("hosts"))


        secret_name = d.pop("secretName", UNSET)

        ingress_tls = cls(
            hosts=hosts,
            secret_name=secret_name,
        )

        return ingress_tls

