from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="Secret")



@_attrs_define
class Secret:
    """ 
        Attributes:
            name (None | str): A Secret that an operator has prepared.
            key (str): Its entry.
     """

    name: None | str
    key: str





    def to_dict(self) -> dict[str, Any]:
        name: None | str
        name = self.name

        key = self.key


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "name": name,
            "key": key,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))


        key = d.pop("key")

        secret = cls(
            name=name,
            key=key,
        )

        return secret

