from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime






T = TypeVar("T", bound="Event")



@_attrs_define
class Event:
    """ What Kubernetes says has happened to an object of the tenant.

        Attributes:
            type_ (str): `Normal` or `Warning`.
            reason (str):
            message (str):
            object_ (str): Kind and name.
            count (int): How often it was seen.
            first_at (datetime.datetime):
            last_at (datetime.datetime):
     """

    type_: str
    reason: str
    message: str
    object_: str
    count: int
    first_at: datetime.datetime
    last_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        reason = self.reason

        message = self.message

        object_ = self.object_

        count = self.count

        first_at = self.first_at.isoformat()

        last_at = self.last_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "type": type_,
            "reason": reason,
            "message": message,
            "object": object_,
            "count": count,
            "firstAt": first_at,
            "lastAt": last_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        type_ = d.pop("type")

        reason = d.pop("reason")

        message = d.pop("message")

        object_ = d.pop("object")

        count = d.pop("count")

        first_at = datetime.datetime.fromisoformat(d.pop("firstAt"))




        last_at = datetime.datetime.fromisoformat(d.pop("lastAt"))




        event = cls(
            type_=type_,
            reason=reason,
            message=message,
            object_=object_,
            count=count,
            first_at=first_at,
            last_at=last_at,
        )


        event.additional_properties = d
        return event

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
