""" Contains all the data models used in inputs/outputs """

from .actual_cpu import ActualCpu
from .actual_sizes import ActualSizes
from .adopted_cpu import AdoptedCpu
from .adopted_sizes import AdoptedSizes
from .adoption import Adoption
from .adoption_list import AdoptionList
from .asked_cpu_amount import AskedCpuAmount
from .asked_image import AskedImage
from .asked_image_pull_policy import AskedImagePullPolicy
from .asked_ingress import AskedIngress
from .asked_ingress_annotations import AskedIngressAnnotations
from .asked_liveness_probe import AskedLivenessProbe
from .asked_liveness_probe_type import AskedLivenessProbeType
from .asked_network_policy import AskedNetworkPolicy
from .asked_network_policy_egress_item import AskedNetworkPolicyEgressItem
from .asked_network_policy_ingress_item import AskedNetworkPolicyIngressItem
from .asked_network_policy_policy_types_item import AskedNetworkPolicyPolicyTypesItem
from .asked_options import AskedOptions
from .asked_options_affinity import AskedOptionsAffinity
from .asked_options_labels import AskedOptionsLabels
from .asked_options_node_selector import AskedOptionsNodeSelector
from .asked_options_pod_annotations import AskedOptionsPodAnnotations
from .asked_options_pod_labels import AskedOptionsPodLabels
from .asked_options_tolerations_item import AskedOptionsTolerationsItem
from .asked_readiness_probe import AskedReadinessProbe
from .asked_resources import AskedResources
from .asked_secret import AskedSecret
from .asked_service import AskedService
from .asked_service_annotations import AskedServiceAnnotations
from .asked_service_type import AskedServiceType
from .asked_storage import AskedStorage
from .billed_usage import BilledUsage
from .billed_usage_list import BilledUsageList
from .cluster_health import ClusterHealth
from .condition import Condition
from .condition_status import ConditionStatus
from .container_end import ContainerEnd
from .cpu import Cpu
from .cpu_amount import CpuAmount
from .cpu_usage import CpuUsage
from .create_tenant import CreateTenant
from .database_run import DatabaseRun
from .deletion import Deletion
from .deletion_phase import DeletionPhase
from .diagnosis import Diagnosis
from .diagnosis_not_seen_item import DiagnosisNotSeenItem
from .drift import Drift
from .drift_list import DriftList
from .drift_repair import DriftRepair
from .endpoints import Endpoints
from .event import Event
from .event_list import EventList
from .external_endpoint import ExternalEndpoint
from .failure import Failure
from .field_error import FieldError
from .finding import Finding
from .finding_cause import FindingCause
from .image import Image
from .image_patch import ImagePatch
from .image_patch_pull_policy_type_0 import ImagePatchPullPolicyType0
from .image_pull_policy import ImagePullPolicy
from .ingress import Ingress
from .ingress_annotations import IngressAnnotations
from .ingress_host import IngressHost
from .ingress_patch import IngressPatch
from .ingress_patch_annotations_type_0 import IngressPatchAnnotationsType0
from .ingress_path import IngressPath
from .ingress_path_path_type import IngressPathPathType
from .ingress_tls import IngressTls
from .internal_endpoint import InternalEndpoint
from .limits_in_force import LimitsInForce
from .list_newest_operations_state import ListNewestOperationsState
from .list_newest_operations_type import ListNewestOperationsType
from .list_tenants_state import ListTenantsState
from .liveness import Liveness
from .liveness_probe import LivenessProbe
from .liveness_probe_patch import LivenessProbePatch
from .liveness_probe_patch_type_type_0 import LivenessProbePatchTypeType0
from .liveness_probe_type import LivenessProbeType
from .liveness_status import LivenessStatus
from .memory_usage import MemoryUsage
from .namespace_condition import NamespaceCondition
from .namespace_deletion import NamespaceDeletion
from .network_policy import NetworkPolicy
from .network_policy_egress_item import NetworkPolicyEgressItem
from .network_policy_ingress_item import NetworkPolicyIngressItem
from .network_policy_patch import NetworkPolicyPatch
from .network_policy_patch_egress_type_0_item import NetworkPolicyPatchEgressType0Item
from .network_policy_patch_ingress_type_0_item import NetworkPolicyPatchIngressType0Item
from .network_policy_patch_policy_types_type_0_item import NetworkPolicyPatchPolicyTypesType0Item
from .network_policy_policy_types_item import NetworkPolicyPolicyTypesItem
from .operation import Operation
from .operation_list import OperationList
from .operation_state import OperationState
from .operation_type import OperationType
from .options_patch import OptionsPatch
from .options_patch_affinity_type_0 import OptionsPatchAffinityType0
from .options_patch_labels_type_0 import OptionsPatchLabelsType0
from .options_patch_node_selector_type_0 import OptionsPatchNodeSelectorType0
from .options_patch_pod_annotations_type_0 import OptionsPatchPodAnnotationsType0
from .options_patch_pod_labels_type_0 import OptionsPatchPodLabelsType0
from .options_patch_tolerations_type_0_item import OptionsPatchTolerationsType0Item
from .orphan import Orphan
from .orphan_kind import OrphanKind
from .orphan_list import OrphanList
from .orphan_reason import OrphanReason
from .outcome import Outcome
from .outcome_disruption import OutcomeDisruption
from .patch_tenant import PatchTenant
from .plan import Plan
from .plan_expected_disruption import PlanExpectedDisruption
from .plan_strategy import PlanStrategy
from .plan_worst_disruption import PlanWorstDisruption
from .planned_change import PlannedChange
from .problem import Problem
from .problem_code import ProblemCode
from .put_tenant import PutTenant
from .readiness import Readiness
from .readiness_probe import ReadinessProbe
from .readiness_probe_patch import ReadinessProbePatch
from .readiness_status import ReadinessStatus
from .reason import Reason
from .remaining_object import RemainingObject
from .resize import Resize
from .resize_strategy import ResizeStrategy
from .resources import Resources
from .resources_patch import ResourcesPatch
from .rotate_key import RotateKey
from .secret import Secret
from .secret_patch import SecretPatch
from .service import Service
from .service_annotations import ServiceAnnotations
from .service_patch import ServicePatch
from .service_patch_annotations_type_0 import ServicePatchAnnotationsType0
from .service_patch_type_type_0 import ServicePatchTypeType0
from .service_type import ServiceType
from .size_plan import SizePlan
from .size_plan_list import SizePlanList
from .sizes import Sizes
from .step import Step
from .step_state import StepState
from .storage import Storage
from .storage_patch import StoragePatch
from .tenant import Tenant
from .tenant_list import TenantList
from .tenant_operation import TenantOperation
from .tenant_operation_list import TenantOperationList
from .tenant_options import TenantOptions
from .tenant_options_affinity import TenantOptionsAffinity
from .tenant_options_labels import TenantOptionsLabels
from .tenant_options_node_selector import TenantOptionsNodeSelector
from .tenant_options_pod_annotations import TenantOptionsPodAnnotations
from .tenant_options_pod_labels import TenantOptionsPodLabels
from .tenant_options_tolerations_item import TenantOptionsTolerationsItem
from .tenant_state import TenantState
from .unknown_usage import UnknownUsage
from .unknown_usage_what import UnknownUsageWhat
from .usage import Usage
from .volume_usage import VolumeUsage

__all__ = (
    "ActualCpu",
    "ActualSizes",
    "AdoptedCpu",
    "AdoptedSizes",
    "Adoption",
    "AdoptionList",
    "AskedCpuAmount",
    "AskedImage",
    "AskedImagePullPolicy",
    "AskedIngress",
    "AskedIngressAnnotations",
    "AskedLivenessProbe",
    "AskedLivenessProbeType",
    "AskedNetworkPolicy",
    "AskedNetworkPolicyEgressItem",
    "AskedNetworkPolicyIngressItem",
    "AskedNetworkPolicyPolicyTypesItem",
    "AskedOptions",
    "AskedOptionsAffinity",
    "AskedOptionsLabels",
    "AskedOptionsNodeSelector",
    "AskedOptionsPodAnnotations",
    "AskedOptionsPodLabels",
    "AskedOptionsTolerationsItem",
    "AskedReadinessProbe",
    "AskedResources",
    "AskedSecret",
    "AskedService",
    "AskedServiceAnnotations",
    "AskedServiceType",
    "AskedStorage",
    "BilledUsage",
    "BilledUsageList",
    "ClusterHealth",
    "Condition",
    "ConditionStatus",
    "ContainerEnd",
    "Cpu",
    "CpuAmount",
    "CpuUsage",
    "CreateTenant",
    "DatabaseRun",
    "Deletion",
    "DeletionPhase",
    "Diagnosis",
    "DiagnosisNotSeenItem",
    "Drift",
    "DriftList",
    "DriftRepair",
    "Endpoints",
    "Event",
    "EventList",
    "ExternalEndpoint",
    "Failure",
    "FieldError",
    "Finding",
    "FindingCause",
    "Image",
    "ImagePatch",
    "ImagePatchPullPolicyType0",
    "ImagePullPolicy",
    "Ingress",
    "IngressAnnotations",
    "IngressHost",
    "IngressPatch",
    "IngressPatchAnnotationsType0",
    "IngressPath",
    "IngressPathPathType",
    "IngressTls",
    "InternalEndpoint",
    "LimitsInForce",
    "ListNewestOperationsState",
    "ListNewestOperationsType",
    "ListTenantsState",
    "Liveness",
    "LivenessProbe",
    "LivenessProbePatch",
    "LivenessProbePatchTypeType0",
    "LivenessProbeType",
    "LivenessStatus",
    "MemoryUsage",
    "NamespaceCondition",
    "NamespaceDeletion",
    "NetworkPolicy",
    "NetworkPolicyEgressItem",
    "NetworkPolicyIngressItem",
    "NetworkPolicyPatch",
    "NetworkPolicyPatchEgressType0Item",
    "NetworkPolicyPatchIngressType0Item",
    "NetworkPolicyPatchPolicyTypesType0Item",
    "NetworkPolicyPolicyTypesItem",
    "Operation",
    "OperationList",
    "OperationState",
    "OperationType",
    "OptionsPatch",
    "OptionsPatchAffinityType0",
    "OptionsPatchLabelsType0",
    "OptionsPatchNodeSelectorType0",
    "OptionsPatchPodAnnotationsType0",
    "OptionsPatchPodLabelsType0",
    "OptionsPatchTolerationsType0Item",
    "Orphan",
    "OrphanKind",
    "OrphanList",
    "OrphanReason",
    "Outcome",
    "OutcomeDisruption",
    "PatchTenant",
    "Plan",
    "PlanExpectedDisruption",
    "PlannedChange",
    "PlanStrategy",
    "PlanWorstDisruption",
    "Problem",
    "ProblemCode",
    "PutTenant",
    "Readiness",
    "ReadinessProbe",
    "ReadinessProbePatch",
    "ReadinessStatus",
    "Reason",
    "RemainingObject",
    "Resize",
    "ResizeStrategy",
    "Resources",
    "ResourcesPatch",
    "RotateKey",
    "Secret",
    "SecretPatch",
    "Service",
    "ServiceAnnotations",
    "ServicePatch",
    "ServicePatchAnnotationsType0",
    "ServicePatchTypeType0",
    "ServiceType",
    "SizePlan",
    "SizePlanList",
    "Sizes",
    "Step",
    "StepState",
    "Storage",
    "StoragePatch",
    "Tenant",
    "TenantList",
    "TenantOperation",
    "TenantOperationList",
    "TenantOptions",
    "TenantOptionsAffinity",
    "TenantOptionsLabels",
    "TenantOptionsNodeSelector",
    "TenantOptionsPodAnnotations",
    "TenantOptionsPodLabels",
    "TenantOptionsTolerationsItem",
    "TenantState",
    "UnknownUsage",
    "UnknownUsageWhat",
    "Usage",
    "VolumeUsage",
)
