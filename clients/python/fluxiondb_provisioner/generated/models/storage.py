from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="Storage")



@_attrs_define
class Storage:
    """ 
        Attributes:
            enabled (bool): Without it all data ends with the pod.
            size (None | str): At least 2 x RAM; null: just that.
            storage_class (None | str): null: the cluster's default; empty: none, for a volume that an operator has made.
            existing_claim (None | str): A claim that an operator has prepared.
     """

    enabled: bool
    size: None | str
    storage_class: None | str
    existing_claim: None | str





    def to_dict(self) -> dict[str, Any]:
        enabled = self.enabled

        size: None | str
        size = self.size

        storage_class: None | str
        storage_class = self.storage_class

        existing_claim: None | str
        existing_claim = self.existing_claim


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "enabled": enabled,
            "size": size,
            "storageClass": storage_class,
            "existingClaim": existing_claim,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        enabled = d.pop("enabled")

        def _parse_size(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        size = _parse_size(d.pop("size"))


        def _parse_storage_class(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        storage_class = _parse_storage_class(d.pop("storageClass"))


        def _parse_existing_claim(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        existing_claim = _parse_existing_claim(d.pop("existingClaim"))


        storage = cls(
            enabled=enabled,
            size=size,
            storage_class=storage_class,
            existing_claim=existing_claim,
        )

        return storage

