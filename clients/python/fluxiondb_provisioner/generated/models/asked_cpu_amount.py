from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="AskedCpuAmount")



@_attrs_define
class AskedCpuAmount:
    """ 
        Attributes:
            cpu (None | str | Unset): A Kubernetes quantity; null: follows from the RAM.
     """

    cpu: None | str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        cpu: None | str | Unset
        if isinstance(self.cpu, Unset):
            cpu = UNSET
        else:
            cpu = self.cpu


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if cpu is not UNSET:
            field_dict["cpu"] = cpu

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        def _parse_cpu(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cpu = _parse_cpu(d.pop("cpu", UNSET))


        asked_cpu_amount = cls(
            cpu=cpu,
        )

        return asked_cpu_amount

