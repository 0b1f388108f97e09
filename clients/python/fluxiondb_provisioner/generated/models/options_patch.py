from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.image_patch import ImagePatch
  from ..models.ingress_patch import IngressPatch
  from ..models.liveness_probe_patch import LivenessProbePatch
  from ..models.network_policy_patch import NetworkPolicyPatch
  from ..models.options_patch_affinity_type_0 import OptionsPatchAffinityType0
  from ..models.options_patch_labels_type_0 import OptionsPatchLabelsType0
  from ..models.options_patch_node_selector_type_0 import OptionsPatchNodeSelectorType0
  from ..models.options_patch_pod_annotations_type_0 import OptionsPatchPodAnnotationsType0
  from ..models.options_patch_pod_labels_type_0 import OptionsPatchPodLabelsType0
  from ..models.options_patch_tolerations_type_0_item import OptionsPatchTolerationsType0Item
  from ..models.readiness_probe_patch import ReadinessProbePatch
  from ..models.resources_patch import ResourcesPatch
  from ..models.secret_patch import SecretPatch
  from ..models.service_patch import ServicePatch
  from ..models.storage_patch import StoragePatch





T = TypeVar("T", bound="OptionsPatch")



@_attrs_define
class OptionsPatch:
    """ 
        Attributes:
            image (ImagePatch | None | Unset):
            storage (None | StoragePatch | Unset):
            secret (None | SecretPatch | Unset):
            resources (None | ResourcesPatch | Unset):
            service (None | ServicePatch | Unset):
            ingress (IngressPatch | None | Unset):
            network_policy (NetworkPolicyPatch | None | Unset):
            liveness_probe (LivenessProbePatch | None | Unset):
            readiness_probe (None | ReadinessProbePatch | Unset):
            pod_annotations (None | OptionsPatchPodAnnotationsType0 | Unset): Only keys that the operator allows.
            pod_labels (None | OptionsPatchPodLabelsType0 | Unset): Labels of the pod besides its own.
            node_selector (None | OptionsPatchNodeSelectorType0 | Unset): Labels that the node must have.
            tolerations (list[OptionsPatchTolerationsType0Item] | None | Unset):
            affinity (None | OptionsPatchAffinityType0 | Unset): An Affinity.
            priority_class_name (None | str | Unset):
            service_account_name (None | str | Unset): An account that an operator has prepared.
            flush_interval (int | None | Unset): Seconds between two writes to the volume.
            data_folder (None | str | Unset): `/data` or a folder below it.
            labels (None | OptionsPatchLabelsType0 | Unset): Kept on the tenant's namespace as `label.fluxiondb.com/<key>`.
            description (None | str | Unset):
            protected (bool | None | Unset): A protected tenant cannot be deleted.
            replica_count (int | Unset): Only 1: the database does not scale out.
     """

    image: ImagePatch | None | Unset = UNSET
    storage: None | StoragePatch | Unset = UNSET
    secret: None | SecretPatch | Unset = UNSET
    resources: None | ResourcesPatch | Unset = UNSET
    service: None | ServicePatch | Unset = UNSET
    ingress: IngressPatch | None | Unset = UNSET
    network_policy: NetworkPolicyPatch | None | Unset = UNSET
    liveness_probe: LivenessProbePatch | None | Unset = UNSET
    readiness_probe: None | ReadinessProbePatch | Unset = UNSET
    pod_annotations: None | OptionsPatchPodAnnotationsType0 | Unset = UNSET
    pod_labels: None | OptionsPatchPodLabelsType0 | Unset = UNSET
    node_selector: None | OptionsPatchNodeSelectorType0 | Unset = UNSET
    tolerations: list[OptionsPatchTolerationsType0Item] | None | Unset = UNSET
    affinity: None | OptionsPatchAffinityType0 | Unset = UNSET
    priority_class_name: None | str | Unset = UNSET
    service_account_name: None | str | Unset = UNSET
    flush_interval: int | None | Unset = UNSET
    data_folder: None | str | Unset = UNSET
    labels: None | OptionsPatchLabelsType0 | Unset = UNSET
    description: None | str | Unset = UNSET
    protected: bool | None | Unset = UNSET
    replica_count: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.image_patch import ImagePatch
        from ..models.ingress_patch import IngressPatch
        from ..models.liveness_probe_patch import LivenessProbePatch
        from ..models.network_policy_patch import NetworkPolicyPatch
        from ..models.options_patch_affinity_type_0 import OptionsPatchAffinityType0
        from ..models.options_patch_labels_type_0 import OptionsPatchLabelsType0
        from ..models.options_patch_node_selector_type_0 import OptionsPatchNodeSelectorType0
        from ..models.options_patch_pod_annotations_type_0 import OptionsPatchPodAnnotationsType0
        from ..models.options_patch_pod_labels_type_0 import OptionsPatchPodLabelsType0
        from ..models.options_patch_tolerations_type_0_item import OptionsPatchTolerationsType0Item
        from ..models.readiness_probe_patch import ReadinessProbePatch
        from ..models.resources_patch import ResourcesPatch
        from ..models.secret_patch import SecretPatch
        from ..models.service_patch import ServicePatch
        from ..models.storage_patch import StoragePatch
        image: dict[str, Any] | None | Unset
        if isinstance(self.image, Unset):
            image = UNSET
        elif isinstance(self.image, ImagePatch):
            image = self.image.to_dict()
        else:
            image = self.image

        storage: dict[str, Any] | None | Unset
        if isinstance(self.storage, Unset):
            storage = UNSET
        elif isinstance(self.storage, StoragePatch):
            storage = self.storage.to_dict()
        else:
            storage = self.storage

        secret: dict[str, Any] | None | Unset
        if isinstance(self.secret, Unset):
            secret = UNSET
        elif isinstance(self.secret, SecretPatch):
            secret = self.secret.to_dict()
        else:
            secret = self.secret

        resources: dict[str, Any] | None | Unset
        if isinstance(self.resources, Unset):
            resources = UNSET
        elif isinstance(self.resources, ResourcesPatch):
            resources = self.resources.to_dict()
        else:
            resources = self.resources

        service: dict[str, Any] | None | Unset
        if isinstance(self.service, Unset):
            service = UNSET
        elif isinstance(self.service, ServicePatch):
            service = self.service.to_dict()
        else:
            service = self.service

        ingress: dict[str, Any] | None | Unset
        if isinstance(self.ingress, Unset):
            ingress = UNSET
        elif isinstance(self.ingress, IngressPatch):
            ingress = self.ingress.to_dict()
        else:
            ingress = self.ingress

        network_policy: dict[str, Any] | None | Unset
        if isinstance(self.network_policy, Unset):
            network_policy = UNSET
        elif isinstance(self.network_policy, NetworkPolicyPatch):
            network_policy = self.network_policy.to_dict()
        else:
            network_policy = self.network_policy

        liveness_probe: dict[str, Any] | None | Unset
        if isinstance(self.liveness_probe, Unset):
            liveness_probe = UNSET
        elif isinstance(self.liveness_probe, LivenessProbePatch):
            liveness_probe = self.liveness_probe.to_dict()
        else:
            liveness_probe = self.liveness_probe

        readiness_probe: dict[str, Any] | None | Unset
        if isinstance(self.readiness_probe, Unset):
            readiness_probe = UNSET
        elif isinstance(self.readiness_probe, ReadinessProbePatch):
            readiness_probe = self.readiness_probe.to_dict()
        else:
            readiness_probe = self.readiness_probe

        pod_annotations: dict[str, Any] | None | Unset
        if isinstance(self.pod_annotations, Unset):
            pod_annotations = UNSET
        elif isinstance(self.pod_annotations, OptionsPatchPodAnnotationsType0):
            pod_annotations = self.pod_annotations.to_dict()
        else:
            pod_annotations = self.pod_annotations

        pod_labels: dict[str, Any] | None | Unset
        if isinstance(self.pod_labels, Unset):
            pod_labels = UNSET
        elif isinstance(self.pod_labels, OptionsPatchPodLabelsType0):
            pod_labels = self.pod_labels.to_dict()
        else:
            pod_labels = self.pod_labels

        node_selector: dict[str, Any] | None | Unset
        if isinstance(self.node_selector, Unset):
            node_selector = UNSET
        elif isinstance(self.node_selector, OptionsPatchNodeSelectorType0):
            node_selector = self.node_selector.to_dict()
        else:
            node_selector = self.node_selector

        tolerations: list[dict[str, Any]] | None | Unset
        if isinstance(self.tolerations, Unset):
            tolerations = UNSET
        elif isinstance(self.tolerations, list):
            tolerations = []
            for tolerations_type_0_item_data in self.tolerations:
                tolerations_type_0_item = tolerations_type_0_item_data.to_dict()
                tolerations.append(tolerations_type_0_item)


        else:
            tolerations = self.tolerations

        affinity: dict[str, Any] | None | Unset
        if isinstance(self.affinity, Unset):
            affinity = UNSET
        elif isinstance(self.affinity, OptionsPatchAffinityType0):
            affinity = self.affinity.to_dict()
        else:
            affinity = self.affinity

        priority_class_name: None | str | Unset
        if isinstance(self.priority_class_name, Unset):
            priority_class_name = UNSET
        else:
            priority_class_name = self.priority_class_name

        service_account_name: None | str | Unset
        if isinstance(self.service_account_name, Unset):
            service_account_name = UNSET
        else:
            service_account_name = self.service_account_name

        flush_interval: int | None | Unset
        if isinstance(self.flush_interval, Unset):
            flush_interval = UNSET
        else:
            flush_interval = self.flush_interval

        data_folder: None | str | Unset
        if isinstance(self.data_folder, Unset):
            data_folder = UNSET
        else:
            data_folder = self.data_folder

        labels: dict[str, Any] | None | Unset
        if isinstance(self.labels, Unset):
            labels = UNSET
        elif isinstance(self.labels, OptionsPatchLabelsType0):
            labels = self.labels.to_dict()
        else:
            labels = self.labels

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        protected: bool | None | Unset
        if isinstance(self.protected, Unset):
            protected = UNSET
        else:
            protected = self.protected

        replica_count = self.replica_count


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if image is not UNSET:
            field_dict["image"] = image
        if storage is not UNSET:
            field_dict["storage"] = storage
        if secret is not UNSET:
            field_dict["secret"] = secret
        if resources is not UNSET:
            field_dict["resources"] = resources
        if service is not UNSET:
            field_dict["service"] = service
        if ingress is not UNSET:
            field_dict["ingress"] = ingress
        if network_policy is not UNSET:
            field_dict["networkPolicy"] = network_policy
        if liveness_probe is not UNSET:
            field_dict["livenessProbe"] = liveness_probe
        if readiness_probe is not UNSET:
            field_dict["readinessProbe"] = readiness_probe
        if pod_annotations is not UNSET:
            field_dict["podAnnotations"] = pod_annotations
        if pod_labels is not UNSET:
            field_dict["podLabels"] = pod_labels
        if node_selector is not UNSET:
            field_dict["nodeSelector"] = node_selector
        if tolerations is not UNSET:
            field_dict["tolerations"] = tolerations
        if affinity is not UNSET:
            field_dict["affinity"] = affinity
        if priority_class_name is not UNSET:
            field_dict["priorityClassName"] = priority_class_name
        if service_account_name is not UNSET:
            field_dict["serviceAccountName"] = service_account_name
        if flush_interval is not UNSET:
            field_dict["flushInterval"] = flush_interval
        if data_folder is not UNSET:
            field_dict["dataFolder"] = data_folder
        if labels is not UNSET:
            field_dict["labels"] = labels
        if description is not UNSET:
            field_dict["description"] = description
        if protected is not UNSET:
            field_dict["protected"] = protected
        if replica_count is not UNSET:
            field_dict["replicaCount"] = replica_count

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.image_patch import ImagePatch
        from ..models.ingress_patch import IngressPatch
        from ..models.liveness_probe_patch import LivenessProbePatch
        from ..models.network_policy_patch import NetworkPolicyPatch
        from ..models.options_patch_affinity_type_0 import OptionsPatchAffinityType0
        from ..models.options_patch_labels_type_0 import OptionsPatchLabelsType0
        from ..models.options_patch_node_selector_type_0 import OptionsPatchNodeSelectorType0
        from ..models.options_patch_pod_annotations_type_0 import OptionsPatchPodAnnotationsType0
        from ..models.options_patch_pod_labels_type_0 import OptionsPatchPodLabelsType0
        from ..models.options_patch_tolerations_type_0_item import OptionsPatchTolerationsType0Item
        from ..models.readiness_probe_patch import ReadinessProbePatch
        from ..models.resources_patch import ResourcesPatch
        from ..models.secret_patch import SecretPatch
        from ..models.service_patch import ServicePatch
        from ..models.storage_patch import StoragePatch
        d = dict(src_dict)
        def _parse_image(data: object) -> ImagePatch | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                image_type_0 = ImagePatch.from_dict(data)



                return image_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImagePatch | None | Unset, data)

        image = _parse_image(d.pop("image", UNSET))


        def _parse_storage(data: object) -> None | StoragePatch | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                storage_type_0 = StoragePatch.from_dict(data)



                return storage_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StoragePatch | Unset, data)

        storage = _parse_storage(d.pop("storage", UNSET))


        def _parse_secret(data: object) -> None | SecretPatch | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                secret_type_0 = SecretPatch.from_dict(data)



                return secret_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SecretPatch | Unset, data)

        secret = _parse_secret(d.pop("secret", UNSET))


        def _parse_resources(data: object) -> None | ResourcesPatch | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                resources_type_0 = ResourcesPatch.from_dict(data)



                return resources_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ResourcesPatch | Unset, data)

        resources = _parse_resources(d.pop("resources", UNSET))


        def _parse_service(data: object) -> None | ServicePatch | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                service_type_0 = ServicePatch.from_dict(data)



                return service_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ServicePatch | Unset, data)

        service = _parse_service(d.pop("service", UNSET))


        def _parse_ingress(data: object) -> IngressPatch | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                ingress_type_0 = IngressPatch.from_dict(data)



                return ingress_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IngressPatch | None | Unset, data)

        ingress = _parse_ingress(d.pop("ingress", UNSET))


        def _parse_network_policy(data: object) -> NetworkPolicyPatch | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                network_policy_type_0 = NetworkPolicyPatch.from_dict(data)



                return network_policy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(NetworkPolicyPatch | None | Unset, data)

        network_policy = _parse_network_policy(d.pop("networkPolicy", UNSET))


        def _parse_liveness_probe(data: object) -> LivenessProbePatch | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                liveness_probe_type_0 = LivenessProbePatch.from_dict(data)



                return liveness_probe_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LivenessProbePatch | None | Unset, data)

        liveness_probe = _parse_liveness_probe(d.pop("livenessProbe", UNSET))


        def _parse_readiness_probe(data: object) -> None | ReadinessProbePatch | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                readiness_probe_type_0 = ReadinessProbePatch.from_dict(data)



                return readiness_probe_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReadinessProbePatch | Unset, data)

        readiness_probe = _parse_readiness_probe(d.pop("readinessProbe", UNSET))


        def _parse_pod_annotations(data: object) -> None | OptionsPatchPodAnnotationsType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                pod_annotations_type_0 = OptionsPatchPodAnnotationsType0.from_dict(data)



                return pod_annotations_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OptionsPatchPodAnnotationsType0 | Unset, data)

        pod_annotations = _parse_pod_annotations(d.pop("podAnnotations", UNSET))


        def _parse_pod_labels(data: object) -> None | OptionsPatchPodLabelsType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                pod_labels_type_0 = OptionsPatchPodLabelsType0.from_dict(data)



                return pod_labels_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OptionsPatchPodLabelsType0 | Unset, data)

        pod_labels = _parse_pod_labels(d.pop("podLabels", UNSET))


        def _parse_node_selector(data: object) -> None | OptionsPatchNodeSelectorType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                node_selector_type_0 = OptionsPatchNodeSelectorType0.from_dict(data)



                return node_selector_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OptionsPatchNodeSelectorType0 | Unset, data)

        node_selector = _parse_node_selector(d.pop("nodeSelector", UNSET))


        def _parse_tolerations(data: object) -> list[OptionsPatchTolerationsType0Item] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                tolerations_type_0 = []
                _tolerations_type_0 = data
                for tolerations_type_0_item_data in (_tolerations_type_0):
                    tolerations_type_0_item = OptionsPatchTolerationsType0Item.from_dict(tolerations_type_0_item_data)



                    tolerations_type_0.append(tolerations_type_0_item)

                return tolerations_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[OptionsPatchTolerationsType0Item] | None | Unset, data)

        tolerations = _parse_tolerations(d.pop("tolerations", UNSET))


        def _parse_affinity(data: object) -> None | OptionsPatchAffinityType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                affinity_type_0 = OptionsPatchAffinityType0.from_dict(data)



                return affinity_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OptionsPatchAffinityType0 | Unset, data)

        affinity = _parse_affinity(d.pop("affinity", UNSET))


        def _parse_priority_class_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        priority_class_name = _parse_priority_class_name(d.pop("priorityClassName", UNSET))


        def _parse_service_account_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        service_account_name = _parse_service_account_name(d.pop("serviceAccountName", UNSET))


        def _parse_flush_interval(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        flush_interval = _parse_flush_interval(d.pop("flushInterval", UNSET))


        def _parse_data_folder(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        data_folder = _parse_data_folder(d.pop("dataFolder", UNSET))


        def _parse_labels(data: object) -> None | OptionsPatchLabelsType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                labels_type_0 = OptionsPatchLabelsType0.from_dict(data)



                return labels_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OptionsPatchLabelsType0 | Unset, data)

        labels = _parse_labels(d.pop("labels", UNSET))


        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))


        def _parse_protected(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        protected = _parse_protected(d.pop("protected", UNSET))


        replica_count = d.pop("replicaCount", UNSET)

        options_patch = cls(
            image=image,
            storage=storage,
            secret=secret,
            resources=resources,
            service=service,
            ingress=ingress,
            network_policy=network_policy,
            liveness_probe=liveness_probe,
            readiness_probe=readiness_probe,
            pod_annotations=pod_annotations,
            pod_labels=pod_labels,
            node_selector=node_selector,
            tolerations=tolerations,
            affinity=affinity,
            priority_class_name=priority_class_name,
            service_account_name=service_account_name,
            flush_interval=flush_interval,
            data_folder=data_folder,
            labels=labels,
            description=description,
            protected=protected,
            replica_count=replica_count,
        )

        return options_patch

