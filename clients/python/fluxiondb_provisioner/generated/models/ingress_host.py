from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.ingress_path import IngressPath





T = TypeVar("T", bound="IngressHost")



@_attrs_define
class IngressHost:
    """ 
        Attributes:
            host (str):
            paths (list[IngressPath]):
     """

    host: str
    paths: list[IngressPath]





    def to_dict(self) -> dict[str, Any]:
        from ..models.ingress_path import IngressPath
        host = self.host

        paths = []
        for paths_item_data in self.paths:
            paths_item = paths_item_data.to_dict()
            paths.append(paths_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "host": host,
            "paths": paths,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ingress_path import IngressPath
        d = dict(src_dict)
        host = d.pop("host")

        paths = []
        _paths = d.pop("paths")
        for paths_item_data in (_paths):
            paths_item = IngressPath.from_dict(paths_item_data)



            paths.append(paths_item)


        ingress_host = cls(
            host=host,
            paths=paths,
        )

        return ingress_host

