from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.service_type import ServiceType
from typing import cast

if TYPE_CHECKING:
  from ..models.service_annotations import ServiceAnnotations





T = TypeVar("T", bound="Service")



@_attrs_define
class Service:
    """ 
        Attributes:
            type_ (ServiceType):
            port (int):
            annotations (ServiceAnnotations): Only keys that the operator allows.
     """

    type_: ServiceType
    port: int
    annotations: ServiceAnnotations





    def to_dict(self) -> dict[str, Any]:
        from ..models.service_annotations import ServiceAnnotations
        type_ = self.type_.value

        port = self.port

        annotations = self.annotations.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "type": type_,
            "port": port,
            "annotations": annotations,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.service_annotations import ServiceAnnotations
        d = dict(src_dict)
        type_ = ServiceType(d.pop("type"))




        port = d.pop("port")

        annotations = ServiceAnnotations.from_dict(d.pop("annotations"))




        service = cls(
            type_=type_,
            port=port,
            annotations=annotations,
        )

        return service

