from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="LimitsInForce")



@_attrs_define
class LimitsInForce:
    """ 
        Attributes:
            memory (None | str):
            cpu (None | str):
     """

    memory: None | str
    cpu: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        memory: None | str
        memory = self.memory

        cpu: None | str
        cpu = self.cpu


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "memory": memory,
            "cpu": cpu,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        def _parse_memory(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        memory = _parse_memory(d.pop("memory"))


        def _parse_cpu(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        cpu = _parse_cpu(d.pop("cpu"))


        limits_in_force = cls(
            memory=memory,
            cpu=cpu,
        )


        limits_in_force.additional_properties = d
        return limits_in_force

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
