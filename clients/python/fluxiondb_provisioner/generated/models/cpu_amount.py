from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="CpuAmount")



@_attrs_define
class CpuAmount:
    """ 
        Attributes:
            cpu (None | str): A Kubernetes quantity; null: follows from the RAM.
     """

    cpu: None | str





    def to_dict(self) -> dict[str, Any]:
        cpu: None | str
        cpu = self.cpu


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "cpu": cpu,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        def _parse_cpu(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        cpu = _parse_cpu(d.pop("cpu"))


        cpu_amount = cls(
            cpu=cpu,
        )

        return cpu_amount

