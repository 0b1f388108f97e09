from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.asked_network_policy_policy_types_item import AskedNetworkPolicyPolicyTypesItem
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.asked_network_policy_egress_item import AskedNetworkPolicyEgressItem
  from ..models.asked_network_policy_ingress_item import AskedNetworkPolicyIngressItem





T = TypeVar("T", bound="AskedNetworkPolicy")



@_attrs_define
class AskedNetworkPolicy:
    """ 
        Attributes:
            enabled (bool | Unset):
            policy_types (list[AskedNetworkPolicyPolicyTypesItem] | Unset):
            ingress (list[AskedNetworkPolicyIngressItem] | Unset):
            egress (list[AskedNetworkPolicyEgressItem] | Unset):
     """

    enabled: bool | Unset = UNSET
    policy_types: list[AskedNetworkPolicyPolicyTypesItem] | Unset = UNSET
    ingress: list[AskedNetworkPolicyIngressItem] | Unset = UNSET
    egress: list[AskedNetworkPolicyEgressItem] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.asked_network_policy_egress_item import AskedNetworkPolicyEgressItem
        from ..models.asked_network_policy_ingress_item import AskedNetworkPolicyIngressItem
        enabled = self.enabled

        policy_types: list[str] | Unset = UNSET
        if not isinstance(self.policy_types, Unset):
            policy_types = []
            for policy_types_item_data in self.policy_types:
                policy_types_item = policy_types_item_data.value
                policy_types.append(policy_types_item)



        ingress: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.ingress, Unset):
            ingress = []
            for ingress_item_data in self.ingress:
                ingress_item = ingress_item_data.to_dict()
                ingress.append(ingress_item)



        egress: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.egress, Unset):
            egress = []
            for egress_item_data in self.egress:
                egress_item = egress_item_data.to_dict()
                egress.append(egress_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if policy_types is not UNSET:
            field_dict["policyTypes"] = policy_types
        if ingress is not UNSET:
            field_dict["ingress"] = ingress
        if egress is not UNSET:
            field_dict["egress"] = egress

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.asked_network_policy_egress_item import AskedNetworkPolicyEgressItem
        from ..models.asked_network_policy_ingress_item import AskedNetworkPolicyIngressItem
        d = dict(src_dict)
        enabled = d.pop("enabled", UNSET)

        _policy_types = d.pop("policyTypes", UNSET)
        policy_types: list[AskedNetworkPolicyPolicyTypesItem] | Unset = UNSET
        if _policy_types is not UNSET:
            policy_types = []
            for policy_types_item_data in _policy_types:
                policy_types_item = AskedNetworkPolicyPolicyTypesItem(policy_types_item_data)



                policy_types.append(policy_types_item)


        _ingress = d.pop("ingress", UNSET)
        ingress: list[AskedNetworkPolicyIngressItem] | Unset = UNSET
        if _ingress is not UNSET:
            ingress = []
            for ingress_item_data in _ingress:
                ingress_item = AskedNetworkPolicyIngressItem.from_dict(ingress_item_data)



                ingress.append(ingress_item)


        _egress = d.pop("egress", UNSET)
        egress: list[AskedNetworkPolicyEgressItem] | Unset = UNSET
        if _egress is not UNSET:
            egress = []
            for egress_item_data in _egress:
                egress_item = AskedNetworkPolicyEgressItem.from_dict(egress_item_data)



                egress.append(egress_item)


        asked_network_policy = cls(
            enabled=enabled,
            policy_types=policy_types,
            ingress=ingress,
            egress=egress,
        )

        return asked_network_policy

