from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.actual_cpu import ActualCpu





T = TypeVar("T", bound="ActualSizes")



@_attrs_define
class ActualSizes:
    """ 
        Attributes:
            ram_size (None | str):
            storage_size (None | str):
            cpu (ActualCpu):
            restarts (int): Restarts of the running pod's container.
     """

    ram_size: None | str
    storage_size: None | str
    cpu: ActualCpu
    restarts: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.actual_cpu import ActualCpu
        ram_size: None | str
        ram_size = self.ram_size

        storage_size: None | str
        storage_size = self.storage_size

        cpu = self.cpu.to_dict()

        restarts = self.restarts


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "ramSize": ram_size,
            "storageSize": storage_size,
            "cpu": cpu,
            "restarts": restarts,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.actual_cpu import ActualCpu
        d = dict(src_dict)
        def _parse_ram_size(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        ram_size = _parse_ram_size(d.pop("ramSize"))


        def _parse_storage_size(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        storage_size = _parse_storage_size(d.pop("storageSize"))


        cpu = ActualCpu.from_dict(d.pop("cpu"))




        restarts = d.pop("restarts")

        actual_sizes = cls(
            ram_size=ram_size,
            storage_size=storage_size,
            cpu=cpu,
            restarts=restarts,
        )


        actual_sizes.additional_properties = d
        return actual_sizes

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
