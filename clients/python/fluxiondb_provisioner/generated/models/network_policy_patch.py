from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.network_policy_patch_policy_types_type_0_item import NetworkPolicyPatchPolicyTypesType0Item
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.network_policy_patch_egress_type_0_item import NetworkPolicyPatchEgressType0Item
  from ..models.network_policy_patch_ingress_type_0_item import NetworkPolicyPatchIngressType0Item





T = TypeVar("T", bound="NetworkPolicyPatch")



@_attrs_define
class NetworkPolicyPatch:
    """ 
        Attributes:
            enabled (bool | None | Unset):
            policy_types (list[NetworkPolicyPatchPolicyTypesType0Item] | None | Unset):
            ingress (list[NetworkPolicyPatchIngressType0Item] | None | Unset):
            egress (list[NetworkPolicyPatchEgressType0Item] | None | Unset):
     """

    enabled: bool | None | Unset = UNSET
    policy_types: list[NetworkPolicyPatchPolicyTypesType0Item] | None | Unset = UNSET
    ingress: list[NetworkPolicyPatchIngressType0Item] | None | Unset = UNSET
    egress: list[NetworkPolicyPatchEgressType0Item] | None | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.network_policy_patch_egress_type_0_item import NetworkPolicyPatchEgressType0Item
        from ..models.network_policy_patch_ingress_type_0_item import NetworkPolicyPatchIngressType0Item
        enabled: bool | None | Unset
        if isinstance(self.enabled, Unset):
            enabled = UNSET
        else:
            enabled = self.enabled

        policy_types: list[str] | None | Unset
        if isinstance(self.policy_types, Unset):
            policy_types = UNSET
        elif isinstance(self.policy_types, list):
            policy_types = []
            for policy_types_type_0_item_data in self.policy_types:
                policy_types_type_0_item = policy_types_type_0_item_data.value
                policy_types.append(policy_types_type_0_item)


        else:
            policy_types = self.policy_types

        ingress: list[dict[str, Any]] | None | Unset
        if isinstance(self.ingress, Unset):
            ingress = UNSET
        elif isinstance(self.ingress, list):
            ingress = []
            for ingress_type_0_item_data in self.ingress:
                ingress_type_0_item = ingress_type_0_item_data.to_dict()
                ingress.append(ingress_type_0_item)


        else:
            ingress = self.ingress

        egress: list[dict[str, Any]] | None | Unset
        if isinstance(self.egress, Unset):
            egress = UNSET
        elif isinstance(self.egress, list):
            egress = []
            for egress_type_0_item_data in self.egress:
                egress_type_0_item = egress_type_0_item_data.to_dict()
                egress.append(egress_type_0_item)


        else:
            egress = self.egress


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
        from ..models.network_policy_patch_egress_type_0_item import NetworkPolicyPatchEgressType0Item
        from ..models.network_policy_patch_ingress_type_0_item import NetworkPolicyPatchIngressType0Item
        d = dict(src_dict)
        def _parse_enabled(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        enabled = _parse_enabled(d.pop("enabled", UNSET))


        def _parse_policy_types(data: object) -> list[NetworkPolicyPatchPolicyTypesType0Item] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                policy_types_type_0 = []
                _policy_types_type_0 = data
                for policy_types_type_0_item_data in (_policy_types_type_0):
                    policy_types_type_0_item = NetworkPolicyPatchPolicyTypesType0Item(policy_types_type_0_item_data)



                    policy_types_type_0.append(policy_types_type_0_item)

                return policy_types_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[NetworkPolicyPatchPolicyTypesType0Item] | None | Unset, data)

        policy_types = _parse_policy_types(d.pop("policyTypes", UNSET))


        def _parse_ingress(data: object) -> list[NetworkPolicyPatchIngressType0Item] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                ingress_type_0 = []
                _ingress_type_0 = data
                for ingress_type_0_item_data in (_ingress_type_0):
                    ingress_type_0_item = NetworkPolicyPatchIngressType0Item.from_dict(ingress_type_0_item_data)



                    ingress_type_0.append(ingress_type_0_item)

                return ingress_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[NetworkPolicyPatchIngressType0Item] | None | Unset, data)

        ingress = _parse_ingress(d.pop("ingress", UNSET))


        def _parse_egress(data: object) -> list[NetworkPolicyPatchEgressType0Item] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                egress_type_0 = []
                _egress_type_0 = data
                for egress_type_0_item_data in (_egress_type_0):
                    egress_type_0_item = NetworkPolicyPatchEgressType0Item.from_dict(egress_type_0_item_data)



                    egress_type_0.append(egress_type_0_item)

                return egress_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[NetworkPolicyPatchEgressType0Item] | None | Unset, data)

        egress = _parse_egress(d.pop("egress", UNSET))


        network_policy_patch = cls(
            enabled=enabled,
            policy_types=policy_types,
            ingress=ingress,
            egress=egress,
        )

        return network_policy_patch

