from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.ingress_annotations import IngressAnnotations
  from ..models.ingress_host import IngressHost
  from ..models.ingress_tls import IngressTls





T = TypeVar("T", bound="Ingress")



@_attrs_define
class Ingress:
    """ 
        Attributes:
            enabled (bool):
            class_name (None | str): null: the cluster's default.
            annotations (IngressAnnotations): Only keys that the operator allows.
            hosts (list[IngressHost]):
            tls (list[IngressTls]):
     """

    enabled: bool
    class_name: None | str
    annotations: IngressAnnotations
    hosts: list[IngressHost]
    tls: list[IngressTls]





    def to_dict(self) -> dict[str, Any]:
        from ..models.ingress_annotations import IngressAnnotations
        from ..models.ingress_host import IngressHost
        from ..models.ingress_tls import IngressTls
        enabled = self.enabled

        class_name: None | str
        class_name = self.class_name

        annotations = self.annotations.to_dict()

        hosts = []
        for hosts_item_data in self.hosts:
            hosts_item = hosts_item_data.to_dict()
            hosts.append(hosts_item)



        tls = []
        for tls_item_data in self.tls:
            tls_item = tls_item_data.to_dict()
            tls.append(tls_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "enabled": enabled,
            "className": class_name,
            "annotations": annotations,
            "hosts": hosts,
            "tls": tls,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ingress_annotations import IngressAnnotations
        from ..models.ingress_host import IngressHost
        from ..models.ingress_tls import IngressTls
        d = dict(src_dict)
        enabled = d.pop("enabled")

        def _parse_class_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        class_name = _parse_class_name(d.pop("className"))


        annotations = IngressAnnotations.from_dict(d.pop("annotations"))




        hosts = []
        _hosts = d.pop("hosts")
        for hosts_item_data in (_hosts):
            hosts_item = IngressHost.from_dict(hosts_item_data)



            hosts.append(hosts_item)


        tls = []
        _tls = d.pop("tls")
        for tls_item_data in (_tls):
            tls_item = IngressTls.from_dict(tls_item_data)



            tls.append(tls_item)


        ingress = cls(
            enabled=enabled,
            class_name=class_name,
            annotations=annotations,
            hosts=hosts,
            tls=tls,
        )

        return ingress

