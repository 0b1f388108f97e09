from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.asked_service_type import AskedServiceType
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.asked_service_annotations import AskedServiceAnnotations





T = TypeVar("T", bound="AskedService")



@_attrs_define
class AskedService:
    """ 
        Attributes:
            type_ (AskedServiceType | Unset):
            port (int | Unset):
            annotations (AskedServiceAnnotations | Unset): Only keys that the operator allows.
     """

    type_: AskedServiceType | Unset = UNSET
    port: int | Unset = UNSET
    annotations: AskedServiceAnnotations | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.asked_service_annotations import AskedServiceAnnotations
        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_.value


        port = self.port

        annotations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.annotations, Unset):
            annotations = self.annotations.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if type_ is not UNSET:
            field_dict["type"] = type_
        if port is not UNSET:
            field_dict["port"] = port
        if annotations is not UNSET:
            field_dict["annotations"] = annotations

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.asked_service_annotations import AskedServiceAnnotations
        d = dict(src_dict)
        _type_ = d.pop("type", UNSET)
        type_: AskedServiceType | Unset
        if isinstance(_type_,  Unset):
            type_ = UNSET
        else:
            type_ = AskedServiceType(_type_)




        port = d.pop("port", UNSET)

        _annotations = d.pop("annotations", UNSET)
        annotations: AskedServiceAnnotations | Unset
        if isinstance(_annotations,  Unset):
            annotations = UNSET
        else:
            annotations = AskedServiceAnnotations.from_dict(_annotations)




        asked_service = cls(
            type_=type_,
            port=port,
            annotations=annotations,
        )

        return asked_service

