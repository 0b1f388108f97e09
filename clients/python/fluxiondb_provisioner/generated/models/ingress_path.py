from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.ingress_path_path_type import IngressPathPathType






T = TypeVar("T", bound="IngressPath")



@_attrs_define
class IngressPath:
    """ 
        Attributes:
            path (str):
            path_type (IngressPathPathType):
     """

    path: str
    path_type: IngressPathPathType





    def to_dict(self) -> dict[str, Any]:
        path = self.path

        path_type = self.path_type.value


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "path": path,
            "pathType": path_type,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        path_type = IngressPathPathType(d.pop("pathType"))




        ingress_path = cls(
            path=path,
            path_type=path_type,
        )

        return ingress_path

