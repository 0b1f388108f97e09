from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.asked_options import AskedOptions





T = TypeVar("T", bound="SizePlan")



@_attrs_define
class SizePlan:
    """ 
        Attributes:
            name (str):
            description (str):
            ram_size (str):
            options (AskedOptions):
     """

    name: str
    description: str
    ram_size: str
    options: AskedOptions
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.asked_options import AskedOptions
        name = self.name

        description = self.description

        ram_size = self.ram_size

        options = self.options.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "name": name,
            "description": description,
            "ramSize": ram_size,
            "options": options,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.asked_options import AskedOptions
        d = dict(src_dict)
        name = d.pop("name")

        description = d.pop("description")

        ram_size = d.pop("ramSize")

        options = AskedOptions.from_dict(d.pop("options"))




        size_plan = cls(
            name=name,
            description=description,
            ram_size=ram_size,
            options=options,
        )


        size_plan.additional_properties = d
        return size_plan

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
