from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="AskedStorage")



@_attrs_define
class AskedStorage:
    """ 
        Attributes:
            enabled (bool | Unset): Without it all data ends with the pod.
            size (None | str | Unset): At least 2 x RAM; null: just that.
            storage_class (None | str | Unset): null: the cluster's default; empty: none, for a volume that an operator has
                made.
            existing_claim (None | str | Unset): A claim that an operator has prepared.
            access_modes (list[str] | Unset): Only ["ReadWriteOnce"].
     """

    enabled: bool | Unset = UNSET
    size: None | str | Unset = UNSET
    storage_class: None | str | Unset = UNSET
    existing_claim: None | str | Unset = UNSET
    access_modes: list[str] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        enabled = self.enabled

        size: None | str | Unset
        if isinstance(self.size, Unset):
            size = UNSET
        else:
            size = self.size

        storage_class: None | str | Unset
        if isinstance(self.storage_class, Unset):
            storage_class = UNSET
        else:
            storage_class = self.storage_class

        existing_claim: None | str | Unset
        if isinstance(self.existing_claim, Unset):
            existing_claim = UNSET
        else:
            existing_claim = self.existing_claim

        access_modes: list[str] | Unset = UNSET
        if not isinstance(self.access_modes, Unset):
            access_modes = self.access_modes




        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if size is not UNSET:
            field_dict["size"] = size
        if storage_class is not UNSET:
            field_dict["storageClass"] = storage_class
        if existing_claim is not UNSET:
            field_dict["existingClaim"] = existing_claim
        if access_modes is not UNSET:
            field_dict["accessModes"] = access_modes

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        enabled = d.pop("enabled", UNSET)

        def _parse_size(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        size = _parse_size(d.pop("size", UNSET))


        def _parse_storage_class(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        storage_class = _parse_storage_class(d.pop("storageClass", UNSET))


        def _parse_existing_claim(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        existing_claim = _parse_existing_claim(d.pop("existingClaim", UNSET))


        access_modes = cast(list[str], d.pop("accessModes", UNSET))


        asked_storage = cls(
            enabled=enabled,
            size=size,
            storage_class=storage_class,
            existing_claim=existing_claim,
            access_modes=access_modes,
        )

        return asked_storage

