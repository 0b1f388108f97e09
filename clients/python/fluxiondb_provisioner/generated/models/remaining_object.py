from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime






T = TypeVar("T", bound="RemainingObject")



@_attrs_define
class RemainingObject:
    """ 
        Attributes:
            object_ (str): Kind and name.
            removed_since (datetime.datetime | None):
            finalizers (list[str]): Who has to do something first, and then takes its name away.
     """

    object_: str
    removed_since: datetime.datetime | None
    finalizers: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        object_ = self.object_

        removed_since: None | str
        if isinstance(self.removed_since, datetime.datetime):
            removed_since = self.removed_since.isoformat()
        else:
            removed_since = self.removed_since

        finalizers = self.finalizers




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "object": object_,
            "removedSince": removed_since,
            "finalizers": finalizers,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        object_ = d.pop("object")

        def _parse_removed_since(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                removed_since_type_0 = datetime.datetime.fromisoformat(data)



                return removed_since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        removed_since = _parse_removed_since(d.pop("removedSince"))


        finalizers = cast(list[str], d.pop("finalizers"))


        remaining_object = cls(
            object_=object_,
            removed_since=removed_since,
            finalizers=finalizers,
        )


        remaining_object.additional_properties = d
        return remaining_object

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
