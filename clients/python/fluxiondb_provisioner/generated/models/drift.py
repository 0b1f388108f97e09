from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.drift_repair import DriftRepair
from typing import cast






T = TypeVar("T", bound="Drift")



@_attrs_define
class Drift:
    """ 
        Attributes:
            user_id (str):
            object_ (str): Kind and name.
            field (str): The path of the field; empty: the object is missing.
            wanted (None | str): What the record says, as JSON, shortened.
            found (None | str): What is found, as JSON, shortened; null: nothing.
            repair (DriftRepair): automatic: within seconds; restart: when somebody asks for a restart, as it takes a new
                pod.
     """

    user_id: str
    object_: str
    field: str
    wanted: None | str
    found: None | str
    repair: DriftRepair
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        user_id = self.user_id

        object_ = self.object_

        field = self.field

        wanted: None | str
        wanted = self.wanted

        found: None | str
        found = self.found

        repair = self.repair.value


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "userId": user_id,
            "object": object_,
            "field": field,
            "wanted": wanted,
            "found": found,
            "repair": repair,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        user_id = d.pop("userId")

        object_ = d.pop("object")

        field = d.pop("field")

        def _parse_wanted(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        wanted = _parse_wanted(d.pop("wanted"))


        def _parse_found(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        found = _parse_found(d.pop("found"))


        repair = DriftRepair(d.pop("repair"))




        drift = cls(
            user_id=user_id,
            object_=object_,
            field=field,
            wanted=wanted,
            found=found,
            repair=repair,
        )


        drift.additional_properties = d
        return drift

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
