from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.adopted_cpu import AdoptedCpu





T = TypeVar("T", bound="AdoptedSizes")



@_attrs_define
class AdoptedSizes:
    """ 
        Attributes:
            ram_size (str):
            storage_size (str):
            cpu (AdoptedCpu):
     """

    ram_size: str
    storage_size: str
    cpu: AdoptedCpu
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.adopted_cpu import AdoptedCpu
        ram_size = self.ram_size

        storage_size = self.storage_size

        cpu = self.cpu.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "ramSize": ram_size,
            "storageSize": storage_size,
            "cpu": cpu,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.adopted_cpu import AdoptedCpu
        d = dict(src_dict)
        ram_size = d.pop("ramSize")

        storage_size = d.pop("storageSize")

        cpu = AdoptedCpu.from_dict(d.pop("cpu"))




        adopted_sizes = cls(
            ram_size=ram_size,
            storage_size=storage_size,
            cpu=cpu,
        )


        adopted_sizes.additional_properties = d
        return adopted_sizes

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
