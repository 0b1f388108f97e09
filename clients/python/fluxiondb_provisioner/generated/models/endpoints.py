from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.external_endpoint import ExternalEndpoint
  from ..models.internal_endpoint import InternalEndpoint





T = TypeVar("T", bound="Endpoints")



@_attrs_define
class Endpoints:
    """ 
        Attributes:
            internal (InternalEndpoint):
            external (list[ExternalEndpoint]): By the Ingress.
     """

    internal: InternalEndpoint
    external: list[ExternalEndpoint]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.external_endpoint import ExternalEndpoint
        from ..models.internal_endpoint import InternalEndpoint
        internal = self.internal.to_dict()

        external = []
        for external_item_data in self.external:
            external_item = external_item_data.to_dict()
            external.append(external_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "internal": internal,
            "external": external,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.external_endpoint import ExternalEndpoint
        from ..models.internal_endpoint import InternalEndpoint
        d = dict(src_dict)
        internal = InternalEndpoint.from_dict(d.pop("internal"))




        external = []
        _external = d.pop("external")
        for external_item_data in (_external):
            external_item = ExternalEndpoint.from_dict(external_item_data)



            external.append(external_item)


        endpoints = cls(
            internal=internal,
            external=external,
        )


        endpoints.additional_properties = d
        return endpoints

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
